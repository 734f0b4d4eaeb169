import { statusTexts } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import { imagesPerSecond } from '../results/summary.js'
import type { TrainedUnit } from '../run/trained-unit.js'
import { hasInterval } from '../statistics/speedup-estimate.js'
import type { Badge } from '../validity/finding.js'

/** One strategy in one run. */
export interface StrategySide {
  /** All images over all time of the repeats that got to their end; null without one. */
  imagesPerSecond: number | null
  /** Images/s of each of these repeats; all above 0. */
  rates: number[]
  /** What these count. */
  unit: TrainedUnit
  /** Over Single of the same run; null for Single itself, and where it could not be compared with it. */
  speedup: { ratio: number; low: number | null; high: number | null } | null
  /** Why there is no figure; null where there is one. */
  absence: string | null
  /** How far its figures can be relied on; null where there are none. */
  badge: Badge | null
  /** Whether the run was to measure it at all. */
  isPlanned: boolean
}

/** @param result undefined where the run was not to measure that strategy */
export function strategySide(
  result: StrategyResult | undefined,
  badge: Badge | null,
  unit: TrainedUnit,
): StrategySide {
  if (result === undefined) {
    const absence = 'not part of that run'
    return { imagesPerSecond: null, rates: [], unit, speedup: null, absence, badge: null, isPlanned: false }
  }
  const completed = result.repeats.filter(({ status }) => status === 'completed')
  const rates = completed.flatMap(({ epochs }) => imagesPerSecond(epochs) ?? []).filter((rate) => rate > 0)
  if (rates.length === 0) {
    const absence = whyNone(result)
    return { imagesPerSecond: null, rates, unit, speedup: null, absence, badge: null, isPlanned: true }
  }
  return {
    imagesPerSecond: imagesPerSecond(completed.flatMap(({ epochs }) => epochs)),
    rates,
    unit,
    speedup: speedupOf(result),
    absence: null,
    badge,
    isPlanned: true,
  }
}

function whyNone({ skipReason, error, status }: StrategyResult): string {
  return skipReason ?? error?.message ?? statusTexts[status]
}

function speedupOf({ answer }: StrategyResult): StrategySide['speedup'] {
  if (answer?.comparison.kind !== 'compared') return null
  const { estimate } = answer.comparison
  const { speedup: ratio } = estimate
  if (!hasInterval(estimate)) return { ratio, low: null, high: null }
  return { ratio, low: estimate.low, high: estimate.high }
}
