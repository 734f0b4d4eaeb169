import { largest } from '../shared/extremes.js'
import type { Bar, BarFigure } from '../shared/figures/bar-figure.js'
import { formatQuantity } from '../shared/text/format.js'
import type { Axis } from './axis.js'

/** What a chart of bars shows, in the figure's unit. */
export interface BarsModel {
  rows: BarRow[]
  axis: Axis
  line: BarFigure['line']
}

export interface BarRow {
  id: string
  title: string
  /** Null where it was not measured: then there is no bar. */
  value: number | null
  /** The 95 % interval, as far as the axis goes. */
  whisker: { low: number; high: number; isCut: boolean } | null
  dots: readonly number[]
  isUnreliable: boolean
  /** Beside the bar. */
  label: string
  /** All that the row says: for whoever does not see it. */
  description: string
}

/** A few repeats that differ can have an interval that would leave no room for anything else. */
const mostByInterval = 2

/** Beyond the longest bar, so that its end is seen. */
const air = 1.02

/** @param writesInterval whether the interval stands beside each figure */
export function barsModel({ bars, line }: BarFigure, writesInterval: boolean): BarsModel {
  const measured = Math.max(
    line?.at ?? 0,
    largest(bars, ({ value, dots }) => Math.max(value ?? 0, ...dots)),
  )
  const highest = Math.max(
    measured,
    largest(bars, ({ interval }) => interval?.high ?? 0),
  )
  const to = Math.min(highest, mostByInterval * measured) * air || 1
  return { axis: { from: 0, to }, line, rows: bars.map((bar) => barRow(bar, to, writesInterval)) }
}

function barRow(bar: Bar, to: number, writesInterval: boolean): BarRow {
  const { id, title, value, interval, dots, isUnreliable, text } = bar
  const whole = interval === null ? text : `${text} (${interval.text})`
  const runs = dots.length > 1 ? `, ${formatQuantity(dots.length, 'run')}` : ''
  return {
    id,
    title,
    value,
    whisker: interval && {
      low: Math.max(0, interval.low),
      high: Math.min(interval.high, to),
      isCut: interval.high > to,
    },
    dots,
    isUnreliable,
    label: writesInterval ? whole : text,
    description: `${title}: ${whole}${runs}`,
  }
}
