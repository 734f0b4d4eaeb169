import { performance } from 'node:perf_hooks'
import { TandemError } from '../../shared/errors.js'
import type { TrainerJob } from '../../shared/trainer-protocol.js'
import { logTo } from './log-folder.js'
import type { Calibration } from './quick-plan.js'
import { runTrainerGroup } from './trainer-group.js'
import type { TrainerHost } from './trainer-process.js'

/** Enough to leave out the first; few enough for the slowest engine. */
const calibrationSteps = 3

/**
 * Measures a few steps of a Single job in a process of its own, thrown away after; null when `signal` was
 * aborted. Throws what the trainer failed with.
 */
export async function calibrate(
  job: TrainerJob,
  trainSamples: number,
  host: TrainerHost,
  signal: AbortSignal,
): Promise<Calibration | null> {
  const startedAtMs = performance.now()
  let readyAtMs = startedAtMs
  let warmedUpAtMs = startedAtMs
  let lastStepAtMs = startedAtMs
  let tuneMs = 0
  const stepsMs: number[] = []
  const outcome = await runTrainerGroup({
    jobs: [
      {
        ...job,
        epochs: 1,
        evaluate: false,
        maxStepsPerEpoch: calibrationSteps,
        samplesPerEpoch: Math.min(trainSamples, calibrationSteps * job.batchSize),
      },
    ],
    host: logTo(host, 'calibration'),
    signal,
    onAllReady() {
      readyAtMs = performance.now()
    },
    onMessage(_rank, message) {
      if (message.type === 'warmed-up') {
        warmedUpAtMs = performance.now()
        tuneMs = message.autotune?.tuneMs ?? 0
      }
      if (message.type === 'steps') {
        lastStepAtMs = performance.now()
        stepsMs.push(...message.steps.map((step) => step.stepMs))
      }
      return null
    },
  })
  if (outcome.kind === 'cancelled') return null
  if (outcome.kind === 'failed') throw new TandemError(outcome.error)
  if (stepsMs.length === 0) throw new TandemError(noSteps)
  return {
    startMs: readyAtMs - startedAtMs,
    warmUpMs: warmedUpAtMs - readyAtMs - tuneMs,
    tuneMs,
    stepMs: Math.max(...(stepsMs.length > 1 ? stepsMs.slice(1) : stepsMs)),
    endMs: performance.now() - lastStepAtMs,
    batchSize: Math.min(job.batchSize, trainSamples),
  }
}

const noSteps = {
  code: 'calibration-empty',
  message: 'the calibration ended without reporting a step',
  hint: 'This is a defect in Tandem; please report it with the log.',
}
