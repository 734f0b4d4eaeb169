import type { EpochRecord } from '../child/trainer-protocol.js'
import { formatPercent, formatSeconds, notAvailable } from '../text/format.js'
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

/** The figures of one epoch as people read them; N/A where it was not finished, or its accuracy not measured. */
export function epochTexts(epoch: EpochRecord | undefined): {
  seconds: string
  loss: string
  accuracy: string
} {
  return {
    seconds: formatSeconds(epoch?.seconds ?? null),
    loss: epoch?.loss?.toFixed(4) ?? notAvailable,
    accuracy: formatPercent(epoch?.testAccuracy ?? null),
  }
}
