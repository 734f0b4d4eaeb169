import { mean, standardDeviation } from './means.js'
import type { PooledResidual } from './pooled-residual.js'
import { studentTQuantile, studentTUpperTail } from './student-t.js'

/** The confidence of every interval that Tandem shows. */
export const confidence = 0.95

/** What one block measured: time for the same work, in any unit, say seconds an image. Above 0. */
export interface PairedTimes {
  base: number
  strategy: number
}

/** How much faster than the base a strategy is: 2 is half the time for the same work. */
export interface SpeedupEstimate {
  /** Geometric mean of the blocks' ratios. */
  speedup: number
  /** The ends of the 95 % interval; null with one block. */
  low: number | null
  high: number | null
  /** Blocks in which both were measured. */
  blocks: number
  /** Of the t test that there is no difference, two-sided; null with one block. */
  pValue: number | null
  /** Of ln `speedup`; null with one block. */
  standardError: number | null
  /** Of the t that interval and p come from: blocks - 1, or more where the residual is pooled; null with one block. */
  degreesOfFreedom: number | null
}

/** An estimate that has an interval: two blocks or more. */
export interface IntervalEstimate extends SpeedupEstimate {
  low: number
  high: number
  pValue: number
  standardError: number
  degreesOfFreedom: number
}

export function hasInterval(estimate: SpeedupEstimate): estimate is IntervalEstimate {
  return estimate.standardError !== null
}

/**
 * Speedup with its 95 % interval by the paired t method on logarithms: with d = ln base - ln strategy of each of n
 * blocks, exp(mean d ± t(0.975, n - 1) s / √n). Within a block both ran soon after each other, so what slows the
 * whole machine cancels out; logarithms, because ratios multiply: swapping the two inverts speedup and interval. It
 * takes blocks to be independent and d to be roughly normal. Null without a block.
 *
 * @param pooled the residual of all strategies in these very blocks, where they are too few for a spread of their own
 */
export function estimateSpeedup(
  blocks: readonly PairedTimes[],
  pooled: PooledResidual | null = null,
): SpeedupEstimate | null {
  const logRatios = blocks.map(({ base, strategy }) => Math.log(base) - Math.log(strategy))
  const centre = mean(logRatios)
  if (centre === null) return null
  const speedup = Math.exp(centre)
  const spread = standardDeviation(logRatios)
  const count = blocks.length
  if (spread === null) {
    return {
      speedup,
      low: null,
      high: null,
      blocks: count,
      pValue: null,
      standardError: null,
      degreesOfFreedom: null,
    }
  }
  // A difference of two measurements has twice the variance of one.
  const deviation = pooled === null ? spread : Math.SQRT2 * pooled.deviation
  const degreesOfFreedom = pooled?.degreesOfFreedom ?? count - 1
  const standardError = deviation / Math.sqrt(count)
  const halfWidth = studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError
  return {
    speedup,
    low: Math.exp(centre - halfWidth),
    high: Math.exp(centre + halfWidth),
    blocks: count,
    pValue: Math.min(1, 2 * upperTail(Math.abs(centre), standardError, degreesOfFreedom)),
    standardError,
    degreesOfFreedom,
  }
}

/** How probable a mean log ratio of at least `distance` would be by chance alone. */
export function upperTail(distance: number, standardError: number, degreesOfFreedom: number): number {
  if (standardError > 0) return studentTUpperTail(distance / standardError, degreesOfFreedom)
  return distance > 0 ? 0 : 1
}

/** The interval's half width as a share of the speedup: 0.02 where it reaches from speedup / 1.02 to speedup x 1.02. */
export function relativeHalfWidth({ low, high }: IntervalEstimate): number {
  return Math.sqrt(high / low) - 1
}
