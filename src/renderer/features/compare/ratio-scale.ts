import type { RunComparison } from '../../../shared/run-comparison/compare-runs.js'
import type { RatioEstimate } from '../../../shared/statistics/ratio-estimate.js'

/** Where a ratio stands on the common scale, in percent from the left. Logarithmic: half and twice are as far from 1. */
export type RatioScale = (ratio: number) => number

/** Even where nothing differs, a few percent to either side are shown. */
const leastSpan = Math.log(1.1)
/** What the ends of the scale leave free, as a share. */
const margin = 0.06

/** One scale for all ratios of a comparison, with 1 in the middle. */
export function ratioScale({ strategies }: RunComparison): RatioScale {
  const estimates = strategies.flatMap(({ changes }) =>
    changes.flatMap((change): RatioEstimate[] => (change.kind === 'missing' ? [] : [change.estimate])),
  )
  const ends = estimates.flatMap(({ ratio, low, high }) => [ratio, low ?? ratio, high ?? ratio])
  const span = Math.max(leastSpan, ...ends.map((ratio) => Math.abs(Math.log(ratio)))) / (1 - 2 * margin)
  return (ratio) => 50 + (50 * Math.log(ratio)) / span
}
