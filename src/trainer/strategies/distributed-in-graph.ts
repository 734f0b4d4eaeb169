import type { Tensor } from '@tensorflow/tfjs-core'
import { monotonicNowMs } from '../../shared/clock.js'
import type { WireFormat } from '../collectives/all-reduce.js'
import { allReduceGradients } from '../collectives/tensorflow-all-reduce.js'
import type { TensorFlowGroup } from '../collectives/tensorflow-group.js'
import { lossAndGradients } from '../model/training-step.js'
import type { DistributedStep } from './distributed-data-parallel.js'
import {
  blankBatch,
  prepareStep,
  runAndDispose,
  type TrainingProgram,
  takeNumber,
  uploadBatch,
} from './training-program.js'

/**
 * A step in one compiled call: loss, gradients, their all-reduce by TensorFlow's collectives, and the update,
 * so that buckets travel while the backward pass still computes. What happens inside the call cannot be told
 * apart from outside: `computeMs` is all of it, `communicationMs` is 0 and `arrivedAtMs` null.
 */
export function createInGraphStep(
  { backend, model, optimizer, learningRate, lossScale, state }: TrainingProgram,
  group: TensorFlowGroup,
  format: WireFormat,
): DistributedStep {
  // The average over ranks is the sum of losses that are each divided by the world size already.
  const trainingStep = backend.compile(
    (...inputs) => {
      const [images, labels, rate] = inputs as [Tensor, Tensor, Tensor]
      const divisor = (images.shape[0] as number) * group.worldSize
      const options = { divisor, updateStatistics: true, lossScale }
      const { loss, gradients } = lossAndGradients(model, images, labels, options)
      optimizer.apply(allReduceGradients(group, gradients, format), rate)
      return [loss]
    },
    { name: 'distributed', state },
  )

  return {
    prepare(batchSize) {
      prepareStep(trainingStep, uploadBatch(backend, blankBatch(batchSize)), [learningRate])
    },

    async run(batch) {
      const startedAtMs = monotonicNowMs()
      const [loss] = await group.run(() =>
        runAndDispose(trainingStep, uploadBatch(backend, batch), [learningRate]),
      )
      return {
        loss: takeNumber(loss) * group.worldSize,
        computeMs: monotonicNowMs() - startedAtMs,
        communicationMs: 0,
        updateMs: 0,
        arrivedAtMs: null,
      }
    },

    dispose() {
      trainingStep.dispose()
    },
  }
}
