import { dispose, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import { monotonicNowMs } from '../clock.js'
import type { HostAllReduce } from '../collectives/all-reduce.js'
import type { TensorExchange } from '../collectives/tensor-exchange.js'
import type { VectorPart } from '../collectives/vector-layout.js'
import type { ImageBatch } from '../data/loader.js'
import type { NamedVariable } from '../model/classifier.js'
import { parameterChecksum } from '../model/parameter-checksum.js'
import { lossAndGradients } from '../model/training-step.js'
import type { StepOutcome, TrainingStrategy } from './strategy.js'
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

export interface DistributedOptions {
  program: TrainingProgram
  group: HostAllReduce
  /** Moves gradients to and from the group's vector, one part a parameter. */
  exchange: TensorExchange
  /** Where parameters, then buffers, lie in the vector. */
  parts: readonly VectorPart[]
  stop: AbortSignal
}

/**
 * DistributedDataParallel, the method of `torch.nn.parallel.DistributedDataParallel`: every rank holds the
 * whole model, starts from rank 0's weights, trains on its own share of each global batch, averages its
 * gradients with the others', and makes the same update. Batch-norm statistics are each rank's own until
 * rank 0's are shared.
 *
 * A step is two compiled calls, loss and gradients, then the update, with the all-reduce in host memory
 * between them. Resolves when the ranks are known to hold equal weights.
 */
export async function createDistributed(options: DistributedOptions): Promise<TrainingStrategy> {
  const { program, group, exchange, stop } = options
  const { backend, model, optimizer, learningRate } = program
  const share = 1 / group.worldSize

  // The average over ranks is the sum of losses that are each divided by the world size already.
  const gradientStep = backend.compile(
    (...inputs) => {
      const [images, labels] = inputs as [Tensor, Tensor]
      const divisor = (images.shape[0] as number) * group.worldSize
      const { loss, gradients } = lossAndGradients(model, images, labels, { divisor, updateStatistics: true })
      return [loss, ...gradients]
    },
    { name: 'gradients', state: program.modelState },
  )
  const updateStep = backend.compile(
    (...inputs) => {
      optimizer.apply(inputs.slice(0, -1), inputs.at(-1) as Tensor)
      return []
    },
    { name: 'update', state: program.state },
  )

  async function step(batch: ImageBatch): Promise<StepOutcome> {
    const startedAtMs = monotonicNowMs()
    const [loss, ...gradients] = await runAndDispose(gradientStep, uploadBatch(backend, batch))
    const computedAtMs = monotonicNowMs()
    exchange.write(gradients)
    dispose(gradients)
    const { arrivedAtMs } = await group.sum(stop)
    const exchangedAtMs = monotonicNowMs()
    const sums = exchange.sums()
    await updateStep.run(...sums, learningRate)
    exchange.release(sums)
    return {
      loss: takeNumber(loss) / share,
      computeMs: computedAtMs - startedAtMs,
      communicationMs: exchangedAtMs - computedAtMs,
      updateMs: monotonicNowMs() - exchangedAtMs,
      arrivedAtMs,
    }
  }

  async function sumOverRanks(values: readonly number[]): Promise<number[]> {
    group.write(0, Float32Array.from(values))
    await group.sum(stop)
    const sums = new Float32Array(values.length)
    group.read(0, sums)
    return [...sums]
  }

  async function shareBuffers(): Promise<void> {
    await broadcast(options, model.buffers, options.parts.slice(model.parameters.length))
  }

  await broadcast(options, [...model.parameters, ...model.buffers], options.parts)
  await requireEqual(parameterChecksum(model), sumOverRanks, group)

  return {
    model,
    engine: { backend: backend.name, backendVersion: backend.version },
    collective: group.description,

    async warmUp({ training, evaluation }) {
      const startedAt = performance.now()
      for (const size of training) prepareStep(gradientStep, uploadBatch(backend, blankBatch(size)))
      updateStep.prepare(...exchange.sums(), learningRate)
      for (const size of evaluation) {
        prepareStep(program.evaluationStep, uploadBatch(backend, blankBatch(size)))
      }
      const tracedAt = performance.now()
      await withStateRestored(program.state, async () => {
        for (const size of training) await step(blankBatch(size))
      })
      return { traceMs: tracedAt - startedAt, firstStepMs: performance.now() - tracedAt }
    },

    step,
    sumOverRanks,
    shareBuffers,
    countCorrect: (batch) => countCorrect(program, batch),

    async dispose() {
      gradientStep.dispose()
      updateStep.dispose()
      exchange.dispose()
      program.dispose()
      group.close()
    },
  }
}

/** Overwrites variables with rank 0's values. */
async function broadcast(
  { group, stop }: DistributedOptions,
  variables: readonly NamedVariable[],
  parts: readonly VectorPart[],
): Promise<void> {
  variables.forEach(({ variable }, index) => {
    group.write((parts[index] as VectorPart).elementOffset, variable.dataSync() as Float32Array)
  })
  await group.broadcast(stop)
  tidy(() => {
    variables.forEach(({ variable }, index) => {
      const { elementOffset, elementCount } = parts[index] as VectorPart
      const values = new Float32Array(elementCount)
      group.read(elementOffset, values)
      variable.assign(tensor(values, variable.shape))
    })
  })
}

/** Throws `ranks-differ` unless all ranks computed the same digest. */
async function requireEqual(
  digest: string,
  sumOverRanks: (values: readonly number[]) => Promise<number[]>,
  group: HostAllReduce,
): Promise<void> {
  // 16 bits at a time, so that sums over ranks are exact in float32.
  const words = Array.from(new Uint16Array(Uint8Array.from(Buffer.from(digest, 'hex')).buffer))
  const sums = await sumOverRanks(words)
  if (words.every((word, index) => word * group.worldSize === sums[index])) return
  throw new TandemError({
    code: 'ranks-differ',
    message: `rank ${group.rank} does not hold the same weights as the others after the broadcast`,
    hint: 'This is a defect in Tandem; please report it with the log.',
  })
}
