import { strategyResults } from '../results/strategy-results.js'
import { trainedUnitOf } from '../run/trained-unit.js'
import type { ComparedRun } from './compared-run.js'
import { type Difference, runDifferences } from './differences.js'
import { matchStrategies } from './match-strategies.js'
import { type SideOfRun, type StrategyChange, strategyChanges } from './strategy-change.js'
import { type StrategySide, strategySide } from './strategy-side.js'

/** Runs beside each other; the first is the base that the others are held against. Plain data, to be sent. */
export interface RunComparison {
  runs: ComparedRunHead[]
  differences: Difference[]
  /** Every strategy that any of the runs was to measure, in the order of a plan. */
  strategies: StrategyComparison[]
}

export interface ComparedRunHead
  extends Pick<ComparedRun, 'runId' | 'name' | 'startedAt' | 'isComplete' | 'configuration'> {
  hostName: string
  validity: Pick<ComparedRun['validity'], 'badge' | 'headline'>
}

/** Whether every figure of the comparison can be relied on, as far as its runs say. */
export function isReliable({ strategies }: RunComparison): boolean {
  return strategies.every(({ sides }) => sides.every(({ badge }) => badge !== 'unreliable'))
}

export interface StrategyComparison {
  id: string
  title: string
  /** One a run, in their order. */
  sides: StrategySide[]
  /** One for each run but the first. */
  changes: StrategyChange[]
}

/** Pure: the same runs always compare the same. @param runs the first is the base */
export function compareRuns(runs: readonly ComparedRun[]): RunComparison {
  const results = runs.map(({ measurements, configuration }) => strategyResults(measurements, configuration))
  const matched = matchStrategies(results)
  const sides = runs.map((run, index) =>
    matched.map((strategy): SideOfRun => {
      const result = strategy.results[index]
      const id = result?.id ?? strategy.id
      return {
        run,
        id,
        side: strategySide(result, run.validity.strategies[id] ?? null, trainedUnitOf(run.configuration)),
      }
    }),
  )
  const [base = [], ...others] = sides
  const changes = others.map((other) => strategyChanges(base, other))
  return {
    runs: runs.map(headOf),
    differences: runDifferences(runs),
    strategies: matched.map(({ id, title }, at) => ({
      id,
      title,
      sides: sides.map((ofRun) => (ofRun[at] as SideOfRun).side),
      changes: changes.map((ofRun) => ofRun[at] as StrategyChange),
    })),
  }
}

function headOf({
  runId,
  name,
  startedAt,
  isComplete,
  configuration,
  machine,
  validity: { badge, headline },
}: ComparedRun): ComparedRunHead {
  const { hostName } = machine
  return { runId, name, startedAt, isComplete, configuration, hostName, validity: { badge, headline } }
}
