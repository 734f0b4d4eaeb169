import type { Tensor } from '@tensorflow/tfjs-core'
import type { ImageBatch } from '../data/loader.js'
import { lossAndGradients } from '../model/training-step.js'
import { createOneProcessStrategy, oneCallStep } from './one-process-strategy.js'
import type { TrainingStrategy } from './strategy.js'
import { type TrainingProgram, uploadBatch } from './training-program.js'

/** One device trains alone: the base that the others are measured against. */
export function createSingle(program: TrainingProgram): TrainingStrategy {
  const { backend, model, optimizer, lossScale } = program

  function step(...inputs: Tensor[]): Tensor[] {
    const [images, labels, learningRate] = inputs as [Tensor, Tensor, Tensor]
    const { loss, gradients } = lossAndGradients(model, images, labels, {
      divisor: images.shape[0] as number,
      updateStatistics: true,
      lossScale,
    })
    optimizer.apply(gradients, learningRate)
    return [loss]
  }
  const inputsOf = (batch: ImageBatch) => uploadBatch(backend, batch)
  return createOneProcessStrategy(program, oneCallStep(program, 'single', step, inputsOf))
}
