/** Arithmetic mean; null without a value. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** With n - 1 in the denominator, as an estimate from a sample; null with fewer than two values. */
export function standardDeviation(values: readonly number[]): number | null {
  const centre = mean(values)
  if (centre === null || values.length < 2) return null
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}

/**
 * The mean for rates over equal work: images/s of epochs with as many images each average to all images over all
 * time. `rates` are not negative; one of 0 makes the mean 0. Null without a value.
 */
export function harmonicMean(rates: readonly number[]): number | null {
  const meanInverse = mean(rates.map((rate) => 1 / rate))
  return meanInverse === null ? null : 1 / meanInverse
}

/** The mean for ratios: that of inverted ratios is its inverse. `ratios` are above 0; null without a value. */
export function geometricMean(ratios: readonly number[]): number | null {
  const meanLogarithm = mean(ratios.map(Math.log))
  return meanLogarithm === null ? null : Math.exp(meanLogarithm)
}
