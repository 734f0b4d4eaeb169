import { type MachinePassport, type MeasurementSummary, type Results, withoutSteps } from '../results.js'
import type { RunConfiguration } from '../run-configuration.js'

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
}

export function comparedRun(results: Results, name: string | null = null): ComparedRun {
  const { runId, startedAt, configuration, machine, measurements } = results
  return {
    runId,
    name,
    startedAt,
    isComplete: results.status === 'complete',
    configuration,
    machine,
    measurements: measurements.map(withoutSteps),
  }
}

/** The measurements that got to their end: what a comparison rests on. */
export function completedMeasurements(run: ComparedRun): MeasurementSummary[] {
  return run.measurements.filter(({ status }) => status === 'completed')
}
