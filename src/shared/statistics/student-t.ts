/// <reference path="./jstat.d.ts" />
import jStat from 'jstat'

/**
 * The value below which a variable with Student's t distribution lies with this probability, 0 to 1, by jstat:
 * within a ten-millionth of the exact one for the degrees of freedom that repeats give.
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  return jStat.studentt.inv(probability, degreesOfFreedom)
}

/** The probability that a variable with Student's t distribution is above `t`, which may be infinite. */
export function studentTUpperTail(t: number, degreesOfFreedom: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0
  if (t === Number.NEGATIVE_INFINITY) return 1
  // The far tail is asked for by its mirror image: 1 - cdf would lose it to rounding.
  return t > 0 ? jStat.studentt.cdf(-t, degreesOfFreedom) : 1 - jStat.studentt.cdf(t, degreesOfFreedom)
}
