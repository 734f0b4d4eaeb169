import { mean, standardDeviation } from './means.js'
import { confidence, upperTail } from './speedup-estimate.js'
import { studentTQuantile } from './student-t.js'

/** How much faster one run measured something than another: 2 is twice the rate. */
export interface RatioEstimate {
  /** Geometric mean of the rates over that of the base's. */
  ratio: number
  /** The ends of the 95 % interval; null unless both have repeats. */
  low: number | null
  high: number | null
  baseRepeats: number
  repeats: number
  /** Of the t test that there is no difference, two-sided; null without an interval. */
  pValue: number | null
  /** Of ln `ratio`; null without an interval. */
  standardError: number | null
  /** By Welch and Satterthwaite, so not whole; null without an interval. */
  degreesOfFreedom: number | null
}

/** An estimate that has an interval: two repeats or more of both. */
export interface RatioIntervalEstimate extends RatioEstimate {
  low: number
  high: number
  pValue: number
  standardError: number
  degreesOfFreedom: number
}

export function hasRatioInterval(estimate: RatioEstimate): estimate is RatioIntervalEstimate {
  return estimate.standardError !== null
}

/**
 * The ratio of rates (above 0) that two runs measured apart from each other, with its 95 % interval by Welch's t on
 * logarithms: B. L. Welch, "The generalization of 'Student's' problem when several different population variances are
 * involved", Biometrika 34, 1947, with the degrees of freedom of F. E. Satterthwaite, "An approximate distribution of
 * estimates of variance components", Biometrics Bulletin 2(6), 1946. Repeats of two runs do not belong together in
 * pairs as those of one block do, and may spread differently. Null without a rate of either.
 *
 * The interval speaks of repeats within the two runs. What changed on the machine between them is in the ratio.
 */
export function estimateRatio(base: readonly number[], rates: readonly number[]): RatioEstimate | null {
  const [baseLogs, logs] = [base.map(Math.log), rates.map(Math.log)]
  const [baseCentre, centre] = [mean(baseLogs), mean(logs)]
  if (baseCentre === null || centre === null) return null
  const difference = centre - baseCentre
  const counts = { ratio: Math.exp(difference), baseRepeats: base.length, repeats: rates.length }
  const [baseSpread, spread] = [standardDeviation(baseLogs), standardDeviation(logs)]
  if (baseSpread === null || spread === null) {
    return { ...counts, low: null, high: null, pValue: null, standardError: null, degreesOfFreedom: null }
  }
  const [baseVariance, variance] = [baseSpread ** 2 / base.length, spread ** 2 / rates.length]
  const standardError = Math.sqrt(baseVariance + variance)
  const degreesOfFreedom = satterthwaite(baseVariance, base.length, variance, rates.length)
  const halfWidth = studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError
  return {
    ...counts,
    low: Math.exp(difference - halfWidth),
    high: Math.exp(difference + halfWidth),
    pValue: Math.min(1, 2 * upperTail(Math.abs(difference), standardError, degreesOfFreedom)),
    standardError,
    degreesOfFreedom,
  }
}

/** Takes variances of means. Where nothing varies at all, any value serves: the interval has no width. */
function satterthwaite(baseVariance: number, baseCount: number, variance: number, count: number): number {
  const sum = baseVariance + variance
  if (sum === 0) return baseCount + count - 2
  // Shares first: variances of measurements that agree to the last bits would vanish when squared.
  const [baseShare, share] = [baseVariance / sum, variance / sum]
  return 1 / (baseShare ** 2 / (baseCount - 1) + share ** 2 / (count - 1))
}
