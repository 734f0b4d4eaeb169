import { TandemError } from '../../shared/errors.js'
import type { Measurement } from '../../shared/results/results.js'
import { findDisturbance } from '../../shared/validity/disturbance.js'
import type { BenchmarkPorts } from './benchmark-ports.js'
import { logTo } from './log-folder.js'
import { measure } from './measure.js'
import { type Pace, paceOfTrial } from './pace.js'
import type { PreparedRun } from './prepare-run.js'
import type { JobInput } from './trainer-jobs.js'

export interface Trial {
  pace: Pace
  /** By something that has nothing to do with it: good enough to go on with, not to be remembered. */
  isDisturbed: boolean
}

/** Enough to leave out the first; few enough for the slowest engine. */
const trialSteps = 4

/**
 * A few steps of a measurement in fresh processes, thrown away after: its pace is known then. Convolutions that were not
 * tuned are, with all the time that this takes. Null when `signal` was aborted. Throws what it failed with.
 */
export async function tryMeasurement(
  planned: Measurement,
  prepared: PreparedRun,
  { trainers, observer }: Pick<BenchmarkPorts, 'trainers' | 'observer'>,
  signal: AbortSignal,
): Promise<Trial | null> {
  const startedAtMs = performance.now()
  observer?.follow({ type: 'measurement-started', measurement: planned, epochs: 1 })
  const tried = await measure(planned, {
    input: trialInput(planned, prepared),
    host: logTo(trainers, 'trial'),
    signal,
    onEvent: (event) => observer?.follow(event),
    onEpoch() {},
  })
  const conditions = (await observer?.conclude()) ?? null
  if (signal.aborted) return null
  if (tried.error !== null) throw new TandemError(tried.error)
  const pace = paceOfTrial(tried, performance.now() - startedAtMs)
  if (pace === null) throw new TandemError(noSteps)
  return { pace, isDisturbed: findDisturbance(conditions) !== null }
}

/** What its trainers are told instead of the run's own work. */
export function trialInput({ globalBatchSize }: Measurement, prepared: PreparedRun): JobInput {
  return {
    ...prepared,
    configuration: {
      ...prepared.configuration,
      // Not quick's own budget for tuning.
      preset: 'custom',
      epochs: 1,
      maxStepsPerEpoch: trialSteps,
      samplesPerEpoch: trialSteps * globalBatchSize,
      evaluate: false,
    },
  }
}

const noSteps = {
  code: 'trial-empty',
  message: 'a trial ended without reporting a step',
  hint: 'This is a defect in Tandem; please report it with the log.',
}
