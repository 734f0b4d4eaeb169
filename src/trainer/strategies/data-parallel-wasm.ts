import { dispose, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { monotonicNowMs } from '../../shared/clock.js'
import { layOutVector } from '../collectives/vector-layout.js'
import type { ImageBatch } from '../data/loader.js'
import type { Architecture } from '../model/create-model.js'
import { lossAndGradients } from '../model/training-step.js'
import { locateWorker } from '../worker-location.js'
import { chunkSizes } from './data-parallel.js'
import { dataParallelPhases } from './data-parallel-phases.js'
import { createOneProcessStrategy, type ProcessOutcome } from './one-process-strategy.js'
import type { ReplicaTimes } from './replica-messages.js'
import { type ReplicaThread, startReplicaThread } from './replica-thread.js'
import type { TrainingStrategy } from './strategy.js'
import { runAndDispose, type TrainingProgram, takeNumber, uploadBatch } from './training-program.js'

export interface WasmDataParallelOptions {
  program: TrainingProgram
  architecture: Architecture
  deviceCount: number
  globalBatchSize: number
  workerUrl?: URL
}

/**
 * DataParallel on wasm, where a device is a thread with a WebAssembly instance of its own: this thread is the
 * first device, workers are the others. The method is that of `data-parallel.ts`; scatter, replicate and
 * reduce go through shared memory. Since the loss is a mean over images, each replica takes its share's part
 * of it where the outputs are, instead of gathering them first: the gradients are the same.
 */
export function createWasmDataParallel(options: WasmDataParallelOptions): TrainingStrategy {
  const { program, deviceCount, globalBatchSize } = options
  const { backend, model, optimizer, learningRate } = program
  const parameters = model.parameters.map(({ variable }) => variable)
  const { parts, elementCount } = layOutVector(parameters.map(({ shape }) => shape))
  const sharedWeights = new SharedArrayBuffer(elementCount * Float32Array.BYTES_PER_ELEMENT)
  const weights = new Float32Array(sharedWeights)
  const reduced = new Float32Array(elementCount)
  const largestShare = Math.ceil(globalBatchSize / deviceCount)
  const workerUrl = options.workerUrl ?? locateWorker('dp-wasm-worker.js')
  const replicas = Array.from({ length: deviceCount - 1 }, (_, index) =>
    startReplicaThread(workerUrl, options.architecture, sharedWeights, largestShare, index + 1),
  )

  let divisor = globalBatchSize
  let forwardAtMs = 0
  const gradientStep = backend.compile(
    (...inputs) => {
      const [images, labels] = inputs as [Tensor, Tensor]
      const onForward = () => {
        forwardAtMs = monotonicNowMs()
      }
      const lossOptions = { divisor, updateStatistics: true, onForward }
      const { loss, gradients } = lossAndGradients(model, images, labels, lossOptions)
      return [loss, ...gradients]
    },
    { name: 'data-parallel', state: program.modelState },
  )
  const updateStep = backend.compile(
    (...inputs) => {
      optimizer.apply(inputs.slice(0, -1), inputs.at(-1) as Tensor)
      return []
    },
    { name: 'update', state: program.state },
  )

  function replicate(): void {
    for (const [index, { elementOffset }] of parts.entries()) {
      weights.set((parameters[index] as Tensor).dataSync() as Float32Array, elementOffset)
    }
  }

  function reduce(gradients: readonly Tensor[], active: readonly ReplicaThread[]): Tensor[] {
    for (const [index, { elementOffset }] of parts.entries()) {
      reduced.set((gradients[index] as Tensor).dataSync() as Float32Array, elementOffset)
    }
    for (const replica of active) {
      const addend = replica.gradients
      for (let index = 0; index < elementCount; index++) {
        reduced[index] = (reduced[index] as number) + (addend[index] as number)
      }
    }
    return parts.map((part, index) => {
      const values = reduced.slice(part.elementOffset, part.elementOffset + part.elementCount)
      return tensor(values, (parameters[index] as Tensor).shape)
    })
  }

  async function computeOwn(share: ImageBatch) {
    const outputs = await runAndDispose(gradientStep, uploadBatch(backend, share))
    return { outputs, backwardAtMs: monotonicNowMs() }
  }

  async function runStep(batch: ImageBatch): Promise<ProcessOutcome> {
    const startedAtMs = monotonicNowMs()
    const [own, ...others] = scatter(batch, deviceCount) as [ImageBatch, ...ImageBatch[]]
    const active = replicas.slice(0, others.length)
    for (const [index, replica] of active.entries()) replica.give(others[index] as ImageBatch)
    const scatteredAtMs = monotonicNowMs()
    replicate()
    const replicatedAtMs = monotonicNowMs()
    divisor = batch.size
    const [results, { outputs, backwardAtMs }] = await Promise.all([
      Promise.all(active.map((replica) => replica.compute(batch.size))),
      computeOwn(own),
    ])
    const [ownLoss, ...gradients] = outputs
    const sums = reduce(gradients, active)
    dispose(gradients)
    const reducedAtMs = monotonicNowMs()
    await runAndDispose(updateStep, sums, [learningRate])
    const loss = results.reduce((total, result) => total + result.loss, takeNumber(ownLoss))

    const latest = (ownAtMs: number, phase: keyof ReplicaTimes) =>
      Math.max(ownAtMs, ...results.map((result) => result[phase]))
    const forwardEndMs = latest(forwardAtMs, 'forwardAtMs')
    const ends = [
      scatteredAtMs,
      latest(replicatedAtMs, 'replicatedAtMs'),
      forwardEndMs,
      forwardEndMs, // each replica takes its loss by itself: nothing is gathered
      latest(backwardAtMs, 'backwardAtMs'),
      reducedAtMs,
      monotonicNowMs(),
    ]
    return { loss, phases: dataParallelPhases(ends.map((endMs) => endMs - startedAtMs)) }
  }

  return createOneProcessStrategy(program, {
    prepare() {},
    run: runStep,
    applyLowerings(choices) {
      for (const replica of replicas) replica.applyLowerings(choices)
    },
    async dispose() {
      await Promise.all(replicas.map((replica) => replica.close()))
      gradientStep.dispose()
      updateStep.dispose()
    },
  })
}

/** The devices' shares of a batch, by ceiling; views, not copies. */
function scatter({ images, labels, size }: ImageBatch, deviceCount: number): ImageBatch[] {
  const bytesPerImage = images.length / size
  let begin = 0
  return chunkSizes(size, deviceCount).map((share) => {
    const end = begin + share
    const part = {
      images: images.subarray(begin * bytesPerImage, end * bytesPerImage),
      labels: labels.subarray(begin, end),
      size: share,
    }
    begin = end
    return part
  })
}
