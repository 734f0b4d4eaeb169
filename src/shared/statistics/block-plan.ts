import { RandomStream } from '../random.js'

/** The stream of block orders under a seed. */
const blockOrderStream = 0x5b_00_00_00

/**
 * The order in which to measure: `repeats` blocks, each of which has every one of `ids` once, in an order of its own
 * by `seed`. What changes slowly, the machine's temperature say, then meets all measurements alike: a randomised
 * complete block design. A longer plan with the same seed begins with the blocks of a shorter one, so blocks can be
 * added while the outcome is not certain enough.
 */
export function planBlocks<Id>(ids: readonly Id[], repeats: number, seed: number): Id[][] {
  const random = new RandomStream(seed, blockOrderStream)
  return Array.from({ length: repeats }, () =>
    Array.from(random.permutation(ids.length), (index) => ids[index] as Id),
  )
}
