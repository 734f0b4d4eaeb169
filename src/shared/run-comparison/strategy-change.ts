import { engines } from '../domain/engines.js'
import type { MeasurementSummary } from '../results/results.js'
import { estimateRatio, type RatioEstimate } from '../statistics/ratio-estimate.js'
import { judgeRatios, type Verdict } from '../statistics/verdict.js'
import type { ComparedRun } from './compared-run.js'
import { comparisonObstacle } from './obstacle.js'
import type { StrategySide } from './strategy-side.js'

/** What one strategy's images/s are to those of the base run. */
export type StrategyChange =
  | {
      kind: 'compared'
      estimate: RatioEstimate
      verdict: Verdict
      /** What computed either, where that is not the same: then the verdict is on the engines. */
      engines?: { base: string; other: string }
    }
  /** The ratio of what was measured is given, but says nothing of either run: `reason` follows a colon. */
  | { kind: 'not-comparable'; estimate: RatioEstimate; reason: string }
  /** There is no figure in the base, or else in the other run, and why. */
  | { kind: 'missing'; in: 'base' | 'other'; reason: string }

/** One strategy of one of the two runs. */
export interface SideOfRun {
  run: ComparedRun
  /** What that run calls it. */
  id: string
  side: StrategySide
}

/**
 * The changes of all strategies from one run to another, in the order given. Verdicts are on all of them together, so
 * that more strategies do not find more by chance.
 */
export function strategyChanges(base: readonly SideOfRun[], other: readonly SideOfRun[]): StrategyChange[] {
  const bare = base.map((ofBase, at) => bareChange(ofBase, other[at] as SideOfRun))
  const estimates = bare.flatMap((change) => ('verdictOn' in change ? [change.verdictOn] : []))
  const verdicts = judgeRatios(estimates)
  return bare.map((change, at) => {
    if (!('verdictOn' in change)) return change
    const estimate = change.verdictOn
    const verdict = verdicts[estimates.indexOf(estimate)] as Verdict
    return { kind: 'compared', estimate, verdict, ...differingEngines(base[at], other[at]) }
  })
}

function bareChange(
  base: SideOfRun,
  other: SideOfRun,
): Exclude<StrategyChange, { kind: 'compared' }> | { verdictOn: RatioEstimate } {
  const estimate = estimateRatio(base.side.rates, other.side.rates)
  if (estimate === null) {
    return base.side.rates.length === 0
      ? { kind: 'missing', in: 'base', reason: base.side.absence ?? 'nothing was measured' }
      : { kind: 'missing', in: 'other', reason: other.side.absence ?? 'nothing was measured' }
  }
  const reason = comparisonObstacle(measured(base), measured(other))
  return reason === null ? { verdictOn: estimate } : { kind: 'not-comparable', estimate, reason }
}

function differingEngines(base: SideOfRun | undefined, other: SideOfRun | undefined) {
  if (base === undefined || other === undefined) return {}
  const [one, two] = [base, other].map((side) => {
    const { backend } = measured(side).measurement
    return backend === null ? 'unknown engine' : engines[backend].title
  }) as [string, string]
  return one === two ? {} : { engines: { base: one, other: two } }
}

function measured({ run, id }: SideOfRun): { run: ComparedRun; measurement: MeasurementSummary } {
  const completed = run.measurements.find(
    (measurement) => measurement.id === id && measurement.status === 'completed',
  )
  // There is one: there is a rate.
  return { run, measurement: completed as MeasurementSummary }
}
