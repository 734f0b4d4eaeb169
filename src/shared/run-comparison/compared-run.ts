import {
  type MachinePassport,
  type MeasurementSummary,
  type Results,
  withoutSteps,
} from '../results/results.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import type { Badge } from '../validity/finding.js'
import { judgeRun } from '../validity/judge-run.js'
import { validityHeadline } from '../validity/validity-text.js'

/** What of a run a comparison looks at: everything but its steps. */
export interface ComparedRun {
  runId: string
  /** What its owner calls it; null for one without a name. */
  name: string | null
  startedAt: string
  /** Whether everything that was planned was measured to its end. */
  isComplete: boolean
  configuration: RunConfiguration
  machine: MachinePassport
  measurements: readonly MeasurementSummary[]
  /** How far its figures can be relied on: of the run, in a few words, and of each strategy by its id. */
  validity: { badge: Badge; headline: string; strategies: Readonly<Record<string, Badge>> }
}

export function comparedRun(results: Results, name: string | null = null): ComparedRun {
  const { runId, startedAt, configuration, machine, measurements } = results
  const judged = judgeRun(results)
  return {
    runId,
    name,
    startedAt,
    isComplete: results.status === 'complete',
    configuration,
    machine,
    measurements: measurements.map(withoutSteps),
    validity: {
      badge: judged.badge,
      headline: validityHeadline(judged),
      strategies: Object.fromEntries(judged.strategies.map(({ id, badge }) => [id, badge])),
    },
  }
}

/** The measurements that got to their end: what a comparison rests on. */
export function completedMeasurements(run: ComparedRun): MeasurementSummary[] {
  return run.measurements.filter(({ status }) => status === 'completed')
}
