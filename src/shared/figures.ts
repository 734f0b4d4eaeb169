import { findBaseOf, isBase } from './domain/measurement-ids.js'
import { hasInterval } from './statistics/speedup-estimate.js'
import type { StrategyResult } from './strategy-results.js'
import { deviceEquivalents, imagesPerSecond, meanEpochSeconds } from './summary.js'

/** A bar of a chart: a figure, the interval that it lies in, and every repeat's own. */
export interface Bar {
  id: string
  title: string
  /** Null where it was not measured. */
  value: number | null
  interval: { low: number; high: number } | null
  /** One a repeat. */
  dots: number[]
  /** Drawn in grey: what it shows is not to be relied on. */
  isUnreliable: boolean
}

/** The ids of strategies whose figures are not to be relied on. */
type Unreliable = ReadonlySet<string>

/** A chart of bars, and the line that they are held against, if any. */
export interface BarFigure {
  bars: Bar[]
  line: { at: number; title: string } | null
}

/** The notebook's chart: mean seconds an epoch. */
export function epochTimeFigure(results: readonly StrategyResult[], unreliable: Unreliable): BarFigure {
  const bars = results.map(({ id, title, meanEpochSeconds: value, repeats }) => ({
    id,
    title,
    value,
    interval: null,
    dots: repeats.flatMap((repeat) => meanEpochSeconds(repeat.epochs) ?? []),
    isUnreliable: unreliable.has(id),
  }))
  return { bars, line: null }
}

/** Speedup over Single, against as many devices without loss. */
export function speedupFigure(results: readonly StrategyResult[], unreliable: Unreliable): BarFigure {
  const bars = results.map((result): Bar => {
    const { id, title, speedup, imagesPerSecond: rate } = result
    const bar = { id, title, isUnreliable: unreliable.has(id) }
    if (isBase({ id })) return { ...bar, value: rate === null ? null : 1, interval: null, dots: [] }
    return {
      ...bar,
      value: speedup,
      interval: intervalOf(result),
      dots: speedups(result, findBaseOf(results, result)),
    }
  })
  const ideal = Math.max(
    ...results.map((result) => {
      const base = findBaseOf(results, result)
      return base === undefined ? 1 : deviceEquivalents(result, base)
    }),
    1,
  )
  return { bars, line: ideal === 1 ? null : { at: ideal, title: `ideal ${ideal}x` } }
}

/** Speedup divided by devices. */
export function efficiencyFigure(results: readonly StrategyResult[], unreliable: Unreliable): BarFigure {
  const bars = results
    .filter((result) => !isBase(result))
    .map((result): Bar => {
      const { id, title, efficiency: value } = result
      const base = findBaseOf(results, result)
      const devices = base === undefined ? 1 : deviceEquivalents(result, base)
      const interval = intervalOf(result)
      return {
        id,
        title,
        value,
        interval: interval && { low: interval.low / devices, high: interval.high / devices },
        dots: speedups(result, base).map((speedup) => speedup / devices),
        isUnreliable: unreliable.has(id),
      }
    })
  return { bars, line: { at: 1, title: 'ideal' } }
}

function intervalOf({ answer }: StrategyResult): Bar['interval'] {
  if (answer?.comparison.kind !== 'compared') return null
  const { estimate } = answer.comparison
  return hasInterval(estimate) ? { low: estimate.low, high: estimate.high } : null
}

/** Of each block that has both; none where they cannot be compared. */
function speedups({ repeats, speedup }: StrategyResult, base: StrategyResult | undefined): number[] {
  if (speedup === null) return []
  return repeats.flatMap((repeat) => {
    const partner = base?.repeats.find(({ block }) => block === repeat.block)
    const [rate, baseRate] = [imagesPerSecond(repeat.epochs), imagesPerSecond(partner?.epochs ?? [])]
    return rate === null || baseRate === null ? [] : [rate / baseRate]
  })
}
