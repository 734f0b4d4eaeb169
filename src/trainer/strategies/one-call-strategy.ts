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
  uploadBatch,
  withStateRestored,
} from './training-program.js'

/**
 * A strategy whose whole step, update included, is one compiled call in one process: Single, and DP on
 * devices that TensorFlow drives together. `step` takes what `inputsOf` makes of a batch, then the learning
 * rate, and returns the loss.
 */
export function createOneCallStrategy(
  program: TrainingProgram,
  name: string,
  step: Step,
  inputsOf: (batch: ImageBatch) => Tensor[],
): TrainingStrategy {
  const { backend, learningRate } = program
  const trainingStep = backend.compile(step, { name, state: program.state })

  async function runStep(batch: ImageBatch): Promise<number> {
    const [loss] = await runAndDispose(trainingStep, inputsOf(batch), [learningRate])
    return takeNumber(loss)
  }

  return {
    model: program.model,
    engine: { backend: backend.name, backendVersion: backend.version },
    collective: null,

    async warmUp({ training, evaluation }) {
      const startedAt = performance.now()
      for (const size of training) prepareStep(trainingStep, inputsOf(blankBatch(size)), [learningRate])
      for (const size of evaluation) {
        prepareStep(program.evaluationStep, uploadBatch(backend, blankBatch(size)))
      }
      const tracedAt = performance.now()
      await withStateRestored(program.state, async () => {
        for (const size of training) await runStep(blankBatch(size))
      })
      return { traceMs: tracedAt - startedAt, firstStepMs: performance.now() - tracedAt }
    },

    async step(batch) {
      const startedAt = performance.now()
      const loss = await runStep(batch)
      const computeMs = performance.now() - startedAt
      return { loss, computeMs, communicationMs: 0, updateMs: 0, arrivedAtMs: null }
    },

    async sumOverRanks(values) {
      return [...values]
    },
    async shareBuffers() {},
    countCorrect: (batch) => countCorrect(program, batch),

    async dispose() {
      trainingStep.dispose()
      program.dispose()
    },
  }
}
