import type { Tensor } from '@tensorflow/tfjs-core'
import type { DataParallelParts } from '../../shared/child/trainer-protocol.js'
import type { Step } from '../backend.js'
import type { ImageBatch } from '../data/loader.js'
import type { TrainingStrategy } from './strategy.js'
import {
  blankBatch,
  countCorrect,
  prepareStep,
  runAndDispose,
  type TrainingProgram,
  takeNumber,
  takeNumbers,
} from './training-program.js'
import { tuneOnly, type WarmableStep, warmUp } from './warm-up.js'

/** What a step in one process tells of itself. */
export interface ProcessOutcome {
  /** Mean over the batch. */
  loss: number
  /** Of the step, as far as they can be told apart; the rest of it is compute. */
  phases?: ProcessPhases
}

export type ProcessPhases = DataParallelParts & { updateMs: number }

/** An optimiser step in one process, whatever it is made of. */
export interface ProcessStep extends WarmableStep {
  run(batch: ImageBatch): Promise<ProcessOutcome>
  dispose(): Promise<void>
}

/** A strategy that has no ranks: one process does it all, and there is nothing to share with others. */
export function createOneProcessStrategy(
  program: TrainingProgram,
  trainingStep: ProcessStep,
): TrainingStrategy {
  const { backend, model } = program
  return {
    model,
    engine: { backend: backend.name, backendVersion: backend.version },
    collective: null,

    warmUp: (sizes) => warmUp(program, trainingStep, sizes),
    tune: (sizes, onProgress) => tuneOnly(program, trainingStep, sizes, onProgress),

    async step(batch) {
      const startedAt = performance.now()
      const { loss, phases } = await trainingStep.run(batch)
      const callMs = performance.now() - startedAt
      const { updateMs = 0, ...parts } = phases ?? {}
      const computeMs = callMs - updateMs
      return { loss, computeMs, communicationMs: 0, updateMs, arrivedAtMs: null, ...parts }
    },

    async sumOverRanks(values) {
      return [...values]
    },
    async shareBuffers() {},
    countCorrect: (batch) => countCorrect(program, batch),

    async dispose() {
      await trainingStep.dispose()
      program.dispose()
    },
  }
}

/**
 * A step that is one compiled call, update included: Single's, and DP's on devices that TensorFlow drives
 * together. `step` takes what `inputsOf` makes of a batch, then the learning rate, and returns the loss and, where
 * `phasesOf` reads them, the ends of its phases by the backend's clock.
 */
export function oneCallStep(
  { backend, learningRate, state }: TrainingProgram,
  name: string,
  step: Step,
  inputsOf: (batch: ImageBatch) => Tensor[],
  phasesOf: (endsMs: readonly number[]) => ProcessPhases = () => ({ updateMs: 0 }),
): ProcessStep {
  const compiled = backend.compile(step, { name, state })
  return {
    prepare(size) {
      prepareStep(compiled, inputsOf(blankBatch(size)), [learningRate])
    },
    async run(batch) {
      const startedAt = performance.now()
      const inputs = inputsOf(batch)
      const uploadMs = performance.now() - startedAt
      const [loss, ends] = await runAndDispose(compiled, inputs, [learningRate])
      const outcome = { loss: takeNumber(loss) }
      if (ends === undefined) return outcome
      // Copying the batch to the engine belongs to the first phase.
      const endsMs = takeNumbers(ends).map((seconds) => uploadMs + 1000 * seconds)
      return { ...outcome, phases: phasesOf(endsMs) }
    },
    async dispose() {
      compiled.dispose()
    },
  }
}
