import { mean } from './means.js'
import { studentTUpperTail } from './student-t.js'

interface Point {
  x: number
  y: number
}

export interface SlopeTest {
  slope: number
  /** Of the t test that there is none, two-sided. */
  pValue: number
}

/**
 * The slope of the line of least squares through some points. Null with fewer than three points, or where all have the
 * same x.
 */
export function slopeTest(points: readonly Point[]): SlopeTest | null {
  return commonSlopeTest([points])
}

/**
 * The slope that lines of least squares through several groups of points share, each line at a height of its own (the
 * analysis of covariance with one covariate). Null with fewer than two points more than groups, or where x never differs
 * within one.
 */
export function commonSlopeTest(groups: readonly (readonly Point[])[]): SlopeTest | null {
  const centred = groups.map(centre)
  const points = centred.flat()
  const degreesOfFreedom = points.length - centred.filter(({ length }) => length > 0).length - 1
  const spread = sum(points.map(({ x }) => x ** 2))
  if (degreesOfFreedom < 1 || spread === 0) return null
  const slope = sum(points.map(({ x, y }) => x * y)) / spread
  const residuals = sum(points.map(({ x, y }) => (y - slope * x) ** 2))
  const standardError = Math.sqrt(residuals / degreesOfFreedom / spread)
  if (standardError === 0) return { slope, pValue: slope === 0 ? 1 : 0 }
  return {
    slope,
    pValue: Math.min(1, 2 * studentTUpperTail(Math.abs(slope) / standardError, degreesOfFreedom)),
  }
}

/** Its means taken away. */
function centre(points: readonly Point[]): Point[] {
  const [centreX, centreY] = [mean(points.map(({ x }) => x)) ?? 0, mean(points.map(({ y }) => y)) ?? 0]
  return points.map(({ x, y }) => ({ x: x - centreX, y: y - centreY }))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
