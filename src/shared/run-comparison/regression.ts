import { hasRatioInterval } from '../statistics/ratio-estimate.js'
import type { RunComparison, StrategyComparison } from './compare-runs.js'

/** Whether one strategy lost more images/s than it may. */
export interface StrategyRegression {
  id: string
  title: string
  /**
   * `regression`: more was lost for certain: the interval lies beyond the limit; with one repeat of either, the ratio.
   * `possible`: the ratio lies beyond the limit, its interval reaches within. `not-compared`: there is nothing to judge.
   */
  outcome: 'within' | 'possible' | 'regression' | 'not-compared'
  /** There was no interval to go by. */
  isPlain: boolean
}

export interface RegressionCheck {
  /** 0.05: images/s may be 95 % of the base's. */
  limit: number
  strategies: StrategyRegression[]
  /** `not-compared`: no regression was found, but not everything that the second run was to measure could be held against the base. */
  outcome: 'passed' | 'regression' | 'not-compared'
}

/**
 * Whether the second of two runs is slower than the first by more than the limit allows. It is the plain 95 % interval
 * that decides, which lies below the truth in 2.5 % of cases, for each strategy by itself.
 */
export function checkRegression({ strategies }: RunComparison, limit: number): RegressionCheck {
  const checked = strategies.flatMap((strategy) => checkStrategy(strategy, limit) ?? [])
  const has = (outcome: StrategyRegression['outcome']): boolean =>
    checked.some((strategy) => strategy.outcome === outcome)
  const isEmpty = checked.length === 0
  const outcome = has('regression')
    ? 'regression'
    : has('not-compared') || isEmpty
      ? 'not-compared'
      : 'passed'
  return { limit, strategies: checked, outcome }
}

/** Null for what the base has no figure of, and for what the second run was not to measure. */
function checkStrategy(
  { id, title, sides, changes }: StrategyComparison,
  limit: number,
): StrategyRegression | null {
  const [change] = changes
  if (change === undefined || sides[0]?.absence !== null) return null
  switch (change.kind) {
    case 'missing':
      return sides[1]?.isPlanned ? { id, title, outcome: 'not-compared', isPlain: false } : null
    case 'not-comparable':
      return { id, title, outcome: 'not-compared', isPlain: false }
    case 'compared': {
      // Neither a regression nor that there is none would be believed.
      if (sides.some(({ badge }) => badge === 'unreliable')) {
        return { id, title, outcome: 'not-compared', isPlain: false }
      }
      const { estimate } = change
      const isPlain = !hasRatioInterval(estimate)
      const isBeyond = (ratio: number): boolean => ratio < 1 - limit
      const certain = isBeyond(estimate.high ?? estimate.ratio)
      const outcome = certain ? 'regression' : isBeyond(estimate.ratio) ? 'possible' : 'within'
      return { id, title, outcome, isPlain }
    }
  }
}
