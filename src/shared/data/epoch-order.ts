import { RandomStream } from '../random.js'

/** The streams of epoch permutations under a seed: this plus the epoch. */
const permutationStream = 0x5a_00_00_00

export interface Shard {
  /** Samples of the data set. */
  count: number
  /** Only so many samples of the epoch's order, over all ranks; null for all, as for more than there are. */
  samplesPerEpoch?: number | null
  rank: number
  worldSize: number
}

/**
 * The samples that one rank sees in an epoch, in order. The semantics are those of PyTorch's
 * DistributedSampler with `drop_last=False` (torch.utils.data.distributed): one permutation for all ranks by
 * seed and epoch, padded by wrapping around to a multiple of `worldSize`, of which rank r takes
 * permutation[r::worldSize]. So the ranks' k-th batches together are the k-th global batch. The random
 * numbers are Tandem's own, not PyTorch's.
 */
export function epochOrder(options: Shard & { seed: number; epoch: number; shuffle: boolean }): Uint32Array {
  const { count, seed, epoch, rank, worldSize, shuffle } = options
  const total = epochSamples(options)
  const permutation = shuffle ? new RandomStream(seed, permutationStream + epoch).permutation(count) : null
  const order = new Uint32Array(shardLength(options))
  for (let index = 0; index < order.length; index++) {
    const wrapped = (index * worldSize + rank) % total
    order[index] = permutation ? (permutation[wrapped] as number) : wrapped
  }
  return order
}

export interface EpochShape {
  /** The last, smaller batch counted. */
  stepsPerEpoch: number
  /** Samples of the epoch's last batch: `batchSize` or fewer. */
  lastBatchSize: number
}

/** How an epoch falls into batches of one rank; the same on every rank. */
export function epochShape(
  options: Omit<Shard, 'rank'> & { batchSize: number; maxStepsPerEpoch: number },
): EpochShape {
  const { batchSize, maxStepsPerEpoch } = options
  const samples = shardLength(options)
  const steps = Math.ceil(samples / batchSize)
  if (maxStepsPerEpoch !== -1 && maxStepsPerEpoch < steps) {
    return { stepsPerEpoch: maxStepsPerEpoch, lastBatchSize: batchSize }
  }
  return { stepsPerEpoch: steps, lastBatchSize: samples - (steps - 1) * batchSize }
}

/** Equal on all ranks: the last ones repeat samples where the epoch does not divide evenly. */
function shardLength(options: Omit<Shard, 'rank'>): number {
  return Math.ceil(epochSamples(options) / options.worldSize)
}

function epochSamples({ count, samplesPerEpoch }: Omit<Shard, 'rank'>): number {
  return Math.min(samplesPerEpoch ?? count, count)
}
