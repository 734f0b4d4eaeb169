import type { FigureTable } from '../figures/figure-table.js'
import { type Results, withoutSteps } from '../results/results.js'
import { type StrategyResult, strategyResults } from '../results/strategy-results.js'
import { trainedUnitOf } from '../run/trained-unit.js'
import { judgeRun, type RunValidity, unreliableIds } from '../validity/judge-run.js'
import { bucketsUnknown } from './bucket-rows.js'
import { analyseLimits, type LimitsAnalysis } from './limits-analysis.js'
import { machineTables } from './machine-tables.js'
import { machinesAnswer } from './machines-answer.js'
import { type StrategyWaterfall, strategyWaterfalls } from './step-analysis.js'

/** Everything that is derived from a run for people to read, in one place: screens and reports say the same. */
export interface RunAnalysis {
  results: StrategyResult[]
  waterfalls: StrategyWaterfall[]
  /** One an engine that has a speedup. */
  limits: LimitsAnalysis[]
  validity: RunValidity
  /** What several machines bring, and whether it is the network: sentences; none on one machine. */
  machines: string[]
  /** All-reduces by themselves and gradient buckets; none on one machine. */
  machineTables: FigureTable[]
}

/** Pure: the same results always say the same. */
export function analyseRun(run: Results): RunAnalysis {
  const { measurements, configuration } = run
  const results = strategyResults(measurements.map(withoutSteps), configuration)
  const waterfalls = strategyWaterfalls(
    measurements,
    results.map(({ id }) => id),
    trainedUnitOf(configuration),
  )
  const validity = judgeRun(run, results)
  return {
    results,
    waterfalls,
    limits: analyseLimits(measurements, results, configuration),
    validity,
    machines: [
      ...machinesAnswer(run, results, waterfalls, unreliableIds(validity)),
      ...bucketsUnknown(measurements, configuration.script !== undefined),
    ],
    machineTables: machineTables(measurements),
  }
}
