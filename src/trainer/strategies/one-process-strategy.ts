import type { Tensor } from '@tensorflow/tfjs-core'
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
} from './training-program.js'
import { type WarmableStep, warmUp } from './warm-up.js'

/** An optimiser step in one process, whatever it is made of. */
export interface ProcessStep extends WarmableStep {
  /** Trains on a batch; resolves with its mean loss. */
  run(batch: ImageBatch): Promise<number>
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

    async step(batch) {
      const startedAt = performance.now()
      const loss = await trainingStep.run(batch)
      const computeMs = performance.now() - startedAt
      return { loss, computeMs, communicationMs: 0, updateMs: 0, arrivedAtMs: null }
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
 * together. `step` takes what `inputsOf` makes of a batch, then the learning rate, and returns the loss.
 */
export function oneCallStep(
  { backend, learningRate, state }: TrainingProgram,
  name: string,
  step: Step,
  inputsOf: (batch: ImageBatch) => Tensor[],
): ProcessStep {
  const compiled = backend.compile(step, { name, state })
  return {
    prepare(size) {
      prepareStep(compiled, inputsOf(blankBatch(size)), [learningRate])
    },
    async run(batch) {
      const [loss] = await runAndDispose(compiled, inputsOf(batch), [learningRate])
      return takeNumber(loss)
    },
    async dispose() {
      compiled.dispose()
    },
  }
}
