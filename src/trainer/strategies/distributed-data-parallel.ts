import { tensor, tidy } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import type { RankGroup } from '../collectives/rank-group.js'
import type { ImageBatch } from '../data/loader.js'
import type { NamedVariable } from '../model/classifier.js'
import { parameterChecksum } from '../model/parameter-checksum.js'
import { agreedAutotuner } from './agreed-autotuner.js'
import type { StepOutcome, TrainingStrategy } from './strategy.js'
import { countCorrect, type TrainingProgram } from './training-program.js'
import { tuneOnly, warmUp } from './warm-up.js'

/** One optimiser step of one rank, by one way to exchange gradients. */
export interface DistributedStep {
  /** Compiles for this batch size, without running. Every rank prepares the same sizes in the same order. */
  prepare(batchSize: number): void
  run(batch: ImageBatch): Promise<StepOutcome>
  /** Frees what the step made; the group and the program are not its own. */
  dispose(): void
}

/**
 * DistributedDataParallel, the method of `torch.nn.parallel.DistributedDataParallel`: every rank holds the
 * whole model, starts from rank 0's weights, trains on its own share of each global batch, averages its
 * gradients with the others', and makes the same update. Batch-norm statistics are each rank's own until
 * rank 0's are shared.
 *
 * Resolves when the ranks are known to hold equal weights. Owns all three arguments.
 */
export async function createDistributed(
  program: TrainingProgram,
  group: RankGroup,
  step: DistributedStep,
): Promise<TrainingStrategy> {
  const { backend, model } = program
  await broadcast(group, [...model.parameters, ...model.buffers])
  await requireEqual(group, parameterChecksum(model))
  const { autotuner } = program
  const agreeing = {
    ...program,
    autotuner: autotuner === null ? null : agreedAutotuner(autotuner, group),
  }

  return {
    model,
    engine: { backend: backend.name, backendVersion: backend.version },
    collective: group.description,

    warmUp: (sizes) => warmUp(agreeing, step, sizes),
    tune: (sizes, onProgress) => tuneOnly(agreeing, step, sizes, onProgress),

    step: step.run,
    sumOverRanks: async (values) => [...(await group.sum(Float32Array.from(values)))],
    shareBuffers: () => broadcast(group, model.buffers),
    countCorrect: (batch) => countCorrect(program, batch),

    async dispose() {
      step.dispose()
      program.dispose()
      group.close()
    },
  }
}

/** Overwrites variables with rank 0's values. */
async function broadcast(group: RankGroup, variables: readonly NamedVariable[]): Promise<void> {
  if (variables.length === 0) return
  const own = variables.map(({ variable }) => variable.dataSync() as Float32Array)
  const flat = new Float32Array(own.reduce((total, { length }) => total + length, 0))
  own.reduce((offset, values) => {
    flat.set(values, offset)
    return offset + values.length
  }, 0)
  const received = await group.broadcast(flat)
  tidy(() => {
    variables.reduce((offset, { variable }) => {
      const values = received.slice(offset, offset + variable.size)
      variable.assign(tensor(values, variable.shape))
      return offset + variable.size
    }, 0)
  })
}

/** Throws `ranks-differ` unless all ranks computed the same digest. */
async function requireEqual(group: RankGroup, digest: string): Promise<void> {
  // 16 bits at a time, so that sums over ranks are exact in float32.
  const words = Float32Array.from(new Uint16Array(Uint8Array.from(Buffer.from(digest, 'hex')).buffer))
  const sums = await group.sum(words)
  if (words.every((word, index) => word * group.worldSize === sums[index])) return
  throw new TandemError({
    code: 'ranks-differ',
    message: `rank ${group.rank} does not hold the same weights as the others after the broadcast`,
    hint: 'This is a defect in Tandem; please report it with the log.',
  })
}
