import { median } from './quantiles.js'

/** Up to so many devices or ranks are shown one by one; of more their median and range. */
export const mostShownApart = 16

/** What many values come to. */
export interface Spread {
  median: number
  low: number
  high: number
}

/** Null without a value. */
export function spreadOf(values: readonly number[]): Spread | null {
  const middle = median(values)
  if (middle === null) return null
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return { median: middle, low, high }
}

/** `93`, or `93 (85 to 100)` where values differ as they are shown; `unknown` without one. */
export function spreadText(
  spread: Spread | null,
  format: (value: number) => string,
  unknown: string,
): string {
  if (spread === null) return unknown
  const [middle, low, high] = [spread.median, spread.low, spread.high].map(format)
  return low === high ? `${middle}` : `${middle} (${low} to ${high})`
}
