import { baseIdOf } from '../domain/measurement-ids.js'
import type { MeasurementSummary } from '../results/results.js'
import { type StrategyResult, strategyResults } from '../results/strategy-results.js'
import { type Badge, badgeOf, type Finding, type Severity } from './finding.js'
import type { JudgedResults, JudgedRun } from './judged-run.js'
import { allRules } from './rules/all-rules.js'
import { type Work, workOf } from './work.js'

/** How far the figures of a run can be relied on, and why. */
export interface RunValidity {
  badge: Badge
  /** The worst first. */
  findings: Finding[]
  /** Of every strategy that has a figure. */
  strategies: StrategyValidity[]
}

export interface StrategyValidity {
  id: string
  title: string
  badge: Badge
  /** What it was given to do, in its latest repeat. */
  work: Work
}

const order: readonly Severity[] = ['not-comparable', 'unreliable', 'warning', 'note']

/**
 * Judges a run by its results alone, as far as it has got. Pure, so terminal, dashboard and report say the same. A
 * strategy's badge takes in what was found of Single on its engine, which its speedup is over, and of the run as a whole.
 *
 * @param results `strategyResults` of the run, where the caller has them already
 */
export function judgeRun(
  run: JudgedRun,
  results: readonly StrategyResult[] = strategyResults(run.measurements, run.configuration),
): RunValidity {
  const judged: JudgedResults = { ...run, results }
  const findings = allRules
    .flatMap((rule) => rule(judged))
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  return {
    badge: badgeOf(findings),
    findings,
    strategies: results
      .filter(({ imagesPerSecond }) => imagesPerSecond !== null)
      .map(({ id, title, repeats }) => ({
        id,
        title,
        badge: badgeOf(findingsOn(id, findings)),
        work: workOf(
          repeats.findLast(({ epochs }) => epochs.length > 0) ?? (repeats[0] as MeasurementSummary),
          run.configuration,
        ),
      })),
  }
}

/** The ids of strategies whose figures are not to be relied on: views grey them. */
export function unreliableIds({ strategies }: Pick<RunValidity, 'strategies'>): ReadonlySet<string> {
  return new Set(strategies.filter(({ badge }) => badge === 'unreliable').map(({ id }) => id))
}

/** Those that touch a strategy's figures. */
export function findingsOn(id: string, findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ strategies }) =>
      strategies.length === 0 || strategies.includes(id) || strategies.includes(baseIdOf({ id })),
  )
}
