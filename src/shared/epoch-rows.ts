import type { StrategyResult } from './strategy-results.js'

/** A row of a table with a column a strategy: every epoch that some strategy finished, each block's by itself, in order. */
export function epochRows(results: readonly StrategyResult[]): { block: number; epoch: number }[] {
  const longest = new Map<number, number>()
  for (const { block, epochs } of results.flatMap(({ repeats }) => repeats)) {
    longest.set(block, Math.max(longest.get(block) ?? 0, epochs.length))
  }
  return [...longest]
    .sort(([a], [b]) => a - b)
    .flatMap(([block, count]) => Array.from({ length: count }, (_, epoch) => ({ block, epoch })))
}
