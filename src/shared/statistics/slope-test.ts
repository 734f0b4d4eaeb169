import { mean } from './means.js'
import { studentTUpperTail } from './student-t.js'

/**
 * The slope of the line of least squares through some points, and p of the t test that there is none, two-sided. Null
 * with fewer than three points, or where all have the same x.
 */
export function slopeTest(
  points: readonly { x: number; y: number }[],
): { slope: number; pValue: number } | null {
  const [centreX, centreY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))]
  if (centreX === null || centreY === null || points.length < 3) return null
  const spread = sum(points.map(({ x }) => (x - centreX) ** 2))
  if (spread === 0) return null
  const slope = sum(points.map(({ x, y }) => (x - centreX) * (y - centreY))) / spread
  const residuals = sum(points.map(({ x, y }) => (y - centreY - slope * (x - centreX)) ** 2))
  const degreesOfFreedom = points.length - 2
  const standardError = Math.sqrt(residuals / degreesOfFreedom / spread)
  if (standardError === 0) return { slope, pValue: slope === 0 ? 1 : 0 }
  return {
    slope,
    pValue: Math.min(1, 2 * studentTUpperTail(Math.abs(slope) / standardError, degreesOfFreedom)),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
