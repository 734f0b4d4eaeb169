import { estimateSpeedup, type PairedTimes } from '../../src/shared/statistics/speedup-estimate.js'

/** What a page costs training, as a line: the ratio of its pace with the page open (`strategy`) and without (`base`). */
export function watchedRatioText(blocks: readonly PairedTimes[]): string {
  const estimate = estimateSpeedup(blocks)
  if (estimate === null) return 'nothing was measured'
  const { speedup, low, high } = estimate
  const interval =
    low === null || high === null ? 'no interval' : `95 % ${low.toFixed(3)} to ${high.toFixed(3)}`
  return `images/s with the page open over without: ${speedup.toFixed(3)} (${interval}; ${blocks.length} pairs; bar 0.97)`
}
