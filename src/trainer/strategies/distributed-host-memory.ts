import { setTimeout as delay } from 'node:timers/promises'
import { dispose, type Tensor } from '@tensorflow/tfjs-core'
import { monotonicNowMs } from '../../shared/clock.js'
import type { HostAllReduce } from '../collectives/all-reduce.js'
import type { RankGroup } from '../collectives/rank-group.js'
import type { TensorExchange } from '../collectives/tensor-exchange.js'
import { lossAndGradients } from '../model/training-step.js'
import type { DistributedStep } from './distributed-data-parallel.js'
import {
  blankBatch,
  runAndDispose,
  type TrainingProgram,
  takeNumber,
  uploadBatch,
} from './training-program.js'

/**
 * A step in two compiled calls, loss and gradients, then the update, with the all-reduce in host memory between
 * them. `exchange` moves gradients to and from the group's vector, one part a parameter; the step owns it. A `slowdown`
 * above 1 is a demonstration: the rank computes, and then stands still until it has taken so many times as long.
 */
export function createHostMemoryStep(
  { backend, model, optimizer, learningRate, lossScale, modelState, state }: TrainingProgram,
  group: HostAllReduce,
  exchange: TensorExchange,
  { stop, slowdown }: { stop: AbortSignal; slowdown: number },
): DistributedStep {
  // The average over ranks is the sum of losses that are each divided by the world size already.
  const gradientStep = backend.compile(
    (...inputs) => {
      const [images, labels] = inputs as [Tensor, Tensor]
      const divisor = (images.shape[0] as number) * group.worldSize
      const options = { divisor, updateStatistics: true, lossScale }
      const { loss, gradients } = lossAndGradients(model, images, labels, options)
      return [loss, ...gradients]
    },
    { name: 'gradients', state: modelState },
  )
  const updateStep = backend.compile(
    (...inputs) => {
      optimizer.apply(inputs.slice(0, -1), inputs.at(-1) as Tensor)
      return []
    },
    { name: 'update', state },
  )

  return {
    prepare(batchSize) {
      const batch = uploadBatch(backend, blankBatch(batchSize))
      gradientStep.prepare(...batch)
      dispose(batch)
      const sums = exchange.sums()
      updateStep.prepare(...sums, learningRate)
      exchange.release(sums)
    },

    async run(batch) {
      const startedAtMs = monotonicNowMs()
      const [partOfLoss, ...gradients] = await runAndDispose(gradientStep, uploadBatch(backend, batch))
      // Reading it waits for the device, which on a GPU has only been told so far.
      const loss = takeNumber(partOfLoss) * group.worldSize
      if (slowdown > 1)
        await delay((slowdown - 1) * (monotonicNowMs() - startedAtMs), undefined, { signal: stop })
      const computedAtMs = monotonicNowMs()
      exchange.write(gradients)
      dispose(gradients)
      const { arrivedAtMs } = await group.sum(stop, exchange.format)
      const exchangedAtMs = monotonicNowMs()
      const sums = exchange.sums()
      await updateStep.run(...sums, learningRate)
      exchange.release(sums)
      return {
        loss,
        computeMs: computedAtMs - startedAtMs,
        communicationMs: exchangedAtMs - computedAtMs,
        updateMs: monotonicNowMs() - exchangedAtMs,
        arrivedAtMs,
      }
    },

    dispose() {
      gradientStep.dispose()
      updateStep.dispose()
      exchange.dispose()
    },
  }
}

/**
 * The group for whatever else its ranks exchange, at the start of its vector and never rounded. `stop` ends a wait.
 */
export function overHostMemory(group: HostAllReduce, stop: AbortSignal): RankGroup {
  const { rank, worldSize, description } = group
  const read = (length: number) => {
    const result = new Float32Array(length)
    group.read(0, result)
    return result
  }
  return {
    rank,
    worldSize,
    description,
    async sum(values) {
      group.write(0, values)
      await group.sum(stop)
      return read(values.length)
    },
    async broadcast(values) {
      group.write(0, values)
      await group.broadcast(stop)
      return read(values.length)
    },
    close: () => group.close(),
  }
}
