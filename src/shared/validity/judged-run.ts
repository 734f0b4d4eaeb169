import type { RunWarning } from '../conditions/conditions.js'
import type { MeasurementSummary, Results } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import type { Finding } from './finding.js'

/** What a run is judged by: a part of its results, which pages that follow it know too. */
export interface JudgedRun extends Pick<Results, 'status' | 'configuration' | 'environment'> {
  warnings: readonly RunWarning[]
  measurements: readonly MeasurementSummary[]
}

/** A run with what its repeats come to, as rules see it. */
export interface JudgedResults extends JudgedRun {
  results: readonly StrategyResult[]
}

/** Looks for one thing. Pure; finds nothing where what it looks at is not known. */
export type Rule = (run: JudgedResults) => Finding[]
