import type { AutotuneRecord, EpochRecord, StepRecord } from '../child/trainer-protocol.js'
import type { Environment, RunWarning } from '../conditions/conditions.js'
import type { TimeBasis } from '../expected-time.js'
import type { Measurement, Results } from '../results/results.js'
import type { Script } from '../script/script.js'
import type { QuickChoice, RunConfiguration } from './run-configuration.js'

/** What one measurement of a block takes: fixed, and by image of all its epochs. */
export interface ExpectedMeasurementCost {
  id: string
  fixedMs: number
  imageMs: number
  basis: TimeBasis
}

/** `measurementKey` of the measurement that an event is about. */
export type MeasurementKey = string

/**
 * Everything that happens in a run, in order, for whoever shows it: the terminal, the dashboard, a test.
 * `run-started` comes first and `run-finished` last, always; each measurement has one `measurement-started`
 * and one `measurement-finished`, also when it is skipped; one that was disturbed may have another of both, with what was
 * put aside in it.
 */
export type RunEvent =
  | {
      type: 'run-started'
      runId: string
      configuration: RunConfiguration
      machine: Results['machine']
      otherMachines?: Results['otherMachines']
      environment: Environment | null
      /** As planned: no epochs yet, the skipped ones with their reason. */
      measurements: Measurement[]
      notes: string[]
    }
  /** The quick preset tries a strategy, counted from 1, whose pace is not known here yet; it is tuned with that, or only timed. */
  | { type: 'calibration-started'; title: string; index: number; count: number; tunes: boolean }
  /** How long the tuning that is under way still takes; null while nobody knows. */
  | { type: 'tuning-progress'; remainingSeconds: number | null }
  /** What it chose, and what is measured for that: batches may have changed. */
  | { type: 'calibration-finished'; chosen: QuickChoice; measurements: Measurement[]; note: string }
  /** What the measurements that follow are expected to take, as far as that is known, by id. */
  | { type: 'costs-expected'; costs: ExpectedMeasurementCost[] }
  | { type: 'measurement-started'; measurement: Measurement; epochs: number }
  | { type: 'trainer-ready'; id: MeasurementKey; rank: number; collective: string | null }
  | {
      type: 'warmed-up'
      id: MeasurementKey
      rank: number
      traceMs: number
      firstStepMs: number
      /** Absent where nothing was tuned. */
      autotune?: AutotuneRecord | undefined
      stepsPerEpoch: number
    }
  | { type: 'steps'; id: MeasurementKey; rank: number; steps: StepRecord[] }
  /** An epoch that every rank has finished. */
  | { type: 'epoch'; id: MeasurementKey; title: string; epoch: EpochRecord; epochs: number }
  /** Follows each epoch: the measurement so far, with the figures that derive from its epochs. */
  | { type: 'measurement-updated'; measurement: Measurement }
  | { type: 'measurement-finished'; measurement: Measurement }
  /** Something to read beside the figures: why no more blocks were measured. `counts`: by what a script's steps are, from now on. */
  | { type: 'note'; text: string; counts?: Script['counts'] }
  /** The run goes on, but a person should know: the results file could not be written, for one. */
  | ({ type: 'warning' } & RunWarning)
  | { type: 'run-finished'; results: Results }
