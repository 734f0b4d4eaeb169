import { RandomStream } from '../random.js'

/** The streams of epoch permutations under a seed: this plus the epoch. */
const permutationStream = 0x5a_00_00_00

/** Between the streams of one pass over the data set and the next, within an epoch: more epochs than anyone trains. */
const passStride = 1 << 16

export interface Shard {
  /** Samples of the data set. */
  count: number
  /**
   * So many samples of the epoch's order, over all ranks; null for all. More than there are are had by going through the
   * data set again, in another order each time.
   */
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
export function epochOrder(options: OrderOptions): Uint32Array {
  return partOfOrder(options, 0, shardLength(options))
}

export type OrderOptions = Shard & { seed: number; epoch: number; shuffle: boolean }

/** As `epochOrder`, of which the samples from `first` on, up to `end`; costs what these and the data set come to, not the epoch. */
export function partOfOrder(options: OrderOptions, first: number, end: number): Uint32Array {
  const { count, seed, epoch, rank, worldSize, shuffle } = options
  const total = epochSamples(options)
  const order = new Uint32Array(Math.max(0, Math.min(end, shardLength(options)) - first))
  const stream = permutationStream + epoch
  let pass = 0
  let permutation = shuffle ? new RandomStream(seed, stream).permutation(count) : null
  for (let index = 0; index < order.length; index++) {
    const wrapped = ((first + index) * worldSize + rank) % total
    const needed = Math.floor(wrapped / count)
    if (shuffle && needed !== pass) {
      pass = needed
      permutation = new RandomStream(seed, stream + passStride * pass).permutation(count)
    }
    order[index] = permutation ? (permutation[wrapped % count] as number) : wrapped % count
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
  return samplesPerEpoch ?? count
}
