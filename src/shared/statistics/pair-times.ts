import type { PairedTimes } from './speedup-estimate.js'

/** Times for the same work in one block, by measurement; null or missing where it was not measured to its end. */
export type BlockTimes<Id extends string> = Readonly<Partial<Record<Id, number | null>>>

/** The blocks in which both were measured; the others say nothing about their ratio. */
export function pairTimes<Id extends string>(
  blocks: readonly BlockTimes<Id>[],
  baseId: Id,
  strategyId: Id,
): PairedTimes[] {
  return blocks.flatMap((block) => {
    const base = block[baseId] ?? null
    const strategy = block[strategyId] ?? null
    return base === null || strategy === null ? [] : [{ base, strategy }]
  })
}
