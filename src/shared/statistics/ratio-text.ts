import { formatInterval } from '../text/format.js'
import { confidence } from './speedup-estimate.js'

export interface RatioText {
  /** `1.71` */
  ratio: string
  /** `95 % 1.66 to 1.76`, or `no interval` */
  interval: string
  /** `1.66 to 1.76`; null without an interval. */
  ends: string | null
}

/** A ratio and its interval with two decimals, or as many more as keep the interval's ends on their side of 1. */
export function formatRatio({
  ratio,
  low,
  high,
}: {
  ratio: number
  low: number | null
  high: number | null
}): RatioText {
  if (low === null || high === null) return { ratio: ratio.toFixed(2), interval: 'no interval', ends: null }
  const decimals =
    [2, 3, 4].find((count) => [low, high].every((end) => Number(end.toFixed(count)) !== 1)) ?? 2
  const format = (value: number): string => value.toFixed(decimals)
  const ends = formatInterval(low, high, format)
  return { ratio: format(ratio), interval: `${confidence * 100} % ${ends}`, ends }
}
