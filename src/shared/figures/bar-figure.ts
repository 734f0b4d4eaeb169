import { findBaseOf, isBase } from '../domain/measurement-ids.js'
import { assertNever } from '../errors.js'
import type { StrategyResult } from '../results/strategy-results.js'
import { deviceEquivalents, imagesPerSecond, meanEpochSeconds } from '../results/summary.js'
import { hasInterval } from '../statistics/speedup-estimate.js'
import { formatInterval, formatPercent, formatSeconds, formatSpeedup } from '../text/format.js'
import { markUnreliable } from '../validity/validity-text.js'
import { intervalText } from './strategy-row.js'

/** What the bars of a figure are in: seconds, times Single, or a share. */
export type BarUnit = 'seconds' | 'times' | 'share'

/** A bar of a chart: a figure, the interval that it lies in, and every repeat's own. */
export interface Bar {
  id: string
  title: string
  /** Null where it was not measured. */
  value: number | null
  /** `1.42x (unreliable)`; N/A where it was not measured. */
  text: string
  interval: BarInterval | null
  /** One a repeat that was measured to its end. */
  dots: number[]
  /** Drawn in grey: what it shows is not to be relied on. */
  isUnreliable: boolean
}

export interface BarInterval {
  low: number
  high: number
  /** `1.39 to 1.45`, as in every table and sentence. */
  text: string
}

/** A chart of bars, and the line that they are held against, if any. */
export interface BarFigure {
  title: string
  /** What its axis says. */
  axisTitle: string
  unit: BarUnit
  bars: Bar[]
  line: { at: number; title: string } | null
}

/** The ids of strategies whose figures are not to be relied on. */
type Unreliable = ReadonlySet<string>

/** The notebook's chart: mean seconds an epoch. */
export function epochTimeFigure(results: readonly StrategyResult[], unreliable: Unreliable): BarFigure {
  const bars = results.map((result) =>
    barOf(result, unreliable, {
      value: result.meanEpochSeconds,
      format: formatSeconds,
      dots: finished(result).flatMap((repeat) => meanEpochSeconds(repeat.epochs) ?? []),
    }),
  )
  return { title: 'Mean epoch time', axisTitle: 'seconds', unit: 'seconds', bars, line: null }
}

/** Speedup over Single, against as many devices without loss. */
export function speedupFigure(results: readonly StrategyResult[], unreliable: Unreliable): BarFigure {
  const bars = results.map((result) => {
    if (isBase(result)) {
      const value = result.imagesPerSecond === null ? null : 1
      return barOf(result, unreliable, { value, format: formatSpeedup, dots: [] })
    }
    return barOf(result, unreliable, {
      value: result.speedup,
      format: formatSpeedup,
      interval: intervalOf(result, 1, intervalText(result)),
      dots: speedups(result, findBaseOf(results, result)),
    })
  })
  const ideal = Math.max(...results.map((result) => devicesOf(result, results)), 1)
  return {
    title: 'Speedup over Single',
    axisTitle: 'times Single',
    unit: 'times',
    bars,
    line: ideal === 1 ? null : { at: ideal, title: `ideal ${ideal}x` },
  }
}

/** Speedup divided by devices. */
export function efficiencyFigure(results: readonly StrategyResult[], unreliable: Unreliable): BarFigure {
  const bars = results
    .filter((result) => !isBase(result))
    .map((result) => {
      const devices = devicesOf(result, results)
      return barOf(result, unreliable, {
        value: result.efficiency,
        format: formatPercent,
        interval: intervalOf(result, devices),
        dots: speedups(result, findBaseOf(results, result)).map((speedup) => speedup / devices),
      })
    })
  return {
    title: 'Efficiency',
    axisTitle: 'of ideal',
    unit: 'share',
    bars,
    line: { at: 1, title: 'ideal' },
  }
}

/** A figure's tick, shorter than its value: `1.5x`, `60 %`, `20`. */
export function tickText(unit: BarUnit, value: number): string {
  switch (unit) {
    case 'seconds':
      return String(value)
    case 'times':
      return `${value}x`
    case 'share':
      return `${Math.round(value * 100)} %`
    default:
      return assertNever(unit, 'unit of bars')
  }
}

/** Whether there is anything to compare: that the base is once as fast as itself is nothing. */
export function hasComparison({ bars }: BarFigure): boolean {
  return bars.some((bar) => !isBase(bar) && bar.value !== null)
}

interface BarValues {
  value: number | null
  format(value: number | null): string
  interval?: BarInterval | null
  dots: number[]
}

function barOf(
  { id, title }: StrategyResult,
  unreliable: Unreliable,
  { value, format, interval = null, dots }: BarValues,
): Bar {
  const isUnreliable = unreliable.has(id)
  const text = markUnreliable(format(value), isUnreliable && value !== null)
  return { id, title, value, text, interval, dots, isUnreliable }
}

/** Of the base's devices; 1 where it was not measured. */
function devicesOf(result: StrategyResult, results: readonly StrategyResult[]): number {
  const base = findBaseOf(results, result)
  return base === undefined ? 1 : deviceEquivalents(result, base)
}

/** @param text where it is not that of the shares */
function intervalOf({ answer }: StrategyResult, devices: number, text?: string): BarInterval | null {
  if (answer?.comparison.kind !== 'compared') return null
  const { estimate } = answer.comparison
  if (!hasInterval(estimate)) return null
  const [low, high] = [estimate.low / devices, estimate.high / devices]
  return { low, high, text: text ?? formatInterval(low, high, formatPercent) }
}

/** What was stopped on its way is no repeat to be held against others. */
function finished({ repeats }: StrategyResult): StrategyResult['repeats'] {
  return repeats.filter(({ status }) => status === 'completed')
}

/** Of each block in which both were measured to their end; none where they cannot be compared. */
function speedups(result: StrategyResult, base: StrategyResult | undefined): number[] {
  if (result.speedup === null || base === undefined) return []
  const partners = finished(base)
  return finished(result).flatMap((repeat) => {
    const partner = partners.find(({ block }) => block === repeat.block)
    const [rate, baseRate] = [imagesPerSecond(repeat.epochs), imagesPerSecond(partner?.epochs ?? [])]
    return rate === null || baseRate === null ? [] : [rate / baseRate]
  })
}
