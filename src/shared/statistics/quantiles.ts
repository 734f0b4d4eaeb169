/**
 * The value that a `probability` (0 to 1) of the values lie below, interpolated between the two nearest ranks:
 * type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50(4), 1996,
 * which is also what R and NumPy compute unless told otherwise. Null without a value.
 */
export function quantile(values: readonly number[], probability: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const position = (sorted.length - 1) * probability
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) return null
  return below + (above - below) * (position - Math.floor(position))
}

/** The middle value, or the mean of the two in the middle; null without a value. */
export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5)
}

/** The 95th percentile: what 19 of 20 steps stay below. Null without a value. */
export function p95(values: readonly number[]): number | null {
  return quantile(values, 0.95)
}
