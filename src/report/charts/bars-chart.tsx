import { scaleLinear } from 'd3-scale'
import type { Bar, BarFigure } from '../../shared/figures.js'
import { notAvailable } from '../../shared/format.js'
import { strategyStyle } from '../../shared/strategy-style.js'
import { markUnreliable } from '../../shared/validity/validity-text.js'
import { ChartFrame } from './chart-frame.js'
import { fontSize, ink, smallFontSize } from './ink.js'
import { sideTitle, textWidth } from './text-width.js'

export interface BarsChartProps {
  title: string
  /** Under the axis. */
  axisTitle: string
  figure: BarFigure
  format(value: number | null): string
  formatTick(value: number): string
  width: number
  /** Writes the interval beside each figure, where there is room. */
  writesInterval?: boolean
}

const rowHeight = 34
const head = 18
const foot = 34

/**
 * A bar a strategy from 0 to its figure, with the whiskers of its 95 % interval and a dot for every repeat, against
 * the line that there would be without loss.
 */
export function BarsChart(props: BarsChartProps) {
  const { title, axisTitle, figure, format, formatTick, width, writesInterval = false } = props
  const { line } = figure
  const bars = figure.bars.map((bar) => ({ ...bar, title: sideTitle(bar.title, width, fontSize) }))
  const labels = bars.map((bar) => (writesInterval ? valueText(bar, format) : format(bar.value)))
  const left = 10 + Math.max(...bars.map((bar) => textWidth(bar.title, fontSize)))
  const right = 10 + Math.max(...labels.map((label) => textWidth(label, fontSize)))
  const x = scaleLinear([0, highestShown(figure) * 1.02 || 1], [left, width - right])
  const bottom = head + rowHeight * bars.length
  return (
    <ChartFrame width={width} height={bottom + foot} title={title} description={describe(bars, format)}>
      {x.ticks(Math.max(2, Math.floor((width - left - right) / 60))).map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={head} y2={bottom} stroke={ink.grid} />
          <text x={x(tick)} y={bottom + 13} textAnchor="middle" fontSize={smallFontSize} fill={ink.faint}>
            {formatTick(tick)}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => (
        <Row
          key={bar.id}
          bar={bar}
          x={x}
          y={head + rowHeight * (index + 0.5)}
          left={left}
          right={width - right}
          label={labels[index] ?? ''}
        />
      ))}
      {line !== null && (
        <g>
          <line
            x1={x(line.at)}
            x2={x(line.at)}
            y1={head - 4}
            y2={bottom}
            stroke={ink.faint}
            strokeDasharray="5 3"
          />
          <text x={x(line.at)} y={head - 8} textAnchor="middle" fontSize={smallFontSize} fill={ink.faint}>
            {line.title}
          </text>
        </g>
      )}
      <line x1={left} x2={left} y1={head} y2={bottom} stroke={ink.axis} />
      <text
        x={(left + width - right) / 2}
        y={bottom + 28}
        textAnchor="middle"
        fontSize={smallFontSize}
        fill={ink.faint}
      >
        {axisTitle}
      </text>
    </ChartFrame>
  )
}

interface RowProps {
  bar: Bar
  x(value: number): number
  y: number
  left: number
  right: number
  label: string
}

function Row({ bar, x, y, left, right, label }: RowProps) {
  const { id, title, value, interval, dots, isUnreliable } = bar
  const colour = isUnreliable ? ink.faint : strategyStyle(id, 'light').colour
  return (
    <g>
      <text x={left - 8} y={y} textAnchor="end" dominantBaseline="central">
        {title}
      </text>
      {value !== null && (
        <rect x={left} y={y - 9} width={x(value) - left} height={18} fill={colour} fillOpacity={0.22} />
      )}
      {value !== null && (
        <line x1={x(value)} x2={x(value)} y1={y - 9} y2={y + 9} stroke={colour} strokeWidth={2.5} />
      )}
      {interval !== null && (
        <path d={whiskers(interval, x, y, right)} fill="none" stroke={ink.text} strokeWidth={1.25} />
      )}
      {dots.map((dot, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: repeats have no name but their number, and may be equal
        <circle key={index} cx={x(dot)} cy={y + 12.5} r={2} fill={colour} fillOpacity={0.75} />
      ))}
      <text
        x={right + 10}
        y={y}
        dominantBaseline="central"
        fontWeight={600}
        fill={isUnreliable ? ink.faint : undefined}
      >
        {label}
      </text>
    </g>
  )
}

/** A few repeats that differ can have an interval that would leave no room for anything else. */
const mostByInterval = 2

function highestShown({ bars, line }: BarFigure): number {
  const measured = Math.max(line?.at ?? 0, ...bars.flatMap(({ value, dots }) => [value ?? 0, ...dots]))
  const highest = Math.max(measured, ...bars.map(({ interval }) => interval?.high ?? 0))
  return Math.min(highest, mostByInterval * measured)
}

/** From end to end; beyond the chart's edge, an arrow in place of the end. */
function whiskers(
  { low, high }: { low: number; high: number },
  x: (value: number) => number,
  y: number,
  right: number,
): string {
  const start = `M${x(low)} ${y - 5}v10m0 -5`
  return x(high) <= right ? `${start}H${x(high)}m0 -5v10` : `${start}H${right}m-5 -4l5 4l-5 4`
}

function valueText({ value, interval, isUnreliable }: Bar, format: BarsChartProps['format']): string {
  if (value === null) return notAvailable
  const text = markUnreliable(format(value), isUnreliable)
  if (interval === null) return text
  return `${text} (${format(interval.low)} to ${format(interval.high)})`
}

function describe(bars: readonly Bar[], format: BarsChartProps['format']): string {
  return bars
    .map(
      (bar) =>
        `${bar.title}: ${valueText(bar, format)}${bar.dots.length > 1 ? `, ${bar.dots.length} runs` : ''}`,
    )
    .join('; ')
}
