import { scaleLinear } from 'd3-scale'
import { type BarFigure, tickText } from '../shared/figures/bar-figure.js'
import { strategyStyle } from '../shared/strategy-style.js'
import { roundTicks } from './axis.js'
import { type BarRow, barsModel } from './bars-model.js'
import { ChartFrame } from './chart-frame.js'
import { type ChartLook, fontSize, inkOf, smallFontSize } from './look.js'
import { boldTextWidth, sideTitle, textWidth } from './text-width.js'

export interface BarsChartProps {
  figure: BarFigure
  look: ChartLook
  /** Writes the interval beside each figure, where there is room. */
  writesInterval?: boolean
}

const rowHeight = 34
const head = 18
const foot = 34
/** What a figure at the axis takes, with the space to the next one; more of them than these are no help. */
const tickWidth = 40
const mostTicks = 6

/**
 * A bar a strategy from 0 to its figure, with the whiskers of its 95 % interval and a dot for every repeat, against
 * the line that there would be without loss.
 */
export function BarsChart({ figure, look, writesInterval = false }: BarsChartProps) {
  const { width, scheme } = look
  const ink = inkOf(scheme)
  const { rows, axis, line } = barsModel(figure, writesInterval)
  const titles = rows.map(({ title }) => sideTitle(title, width, fontSize))
  const left = 10 + Math.max(...titles.map((title) => textWidth(title, fontSize)))
  const right = width - 10 - Math.max(...rows.map(({ label }) => boldTextWidth(label, fontSize)))
  const x = scaleLinear([axis.from, axis.to], [left, right])
  const bottom = head + rowHeight * rows.length
  return (
    <ChartFrame
      look={look}
      height={bottom + foot}
      title={figure.title}
      description={rows.map(({ description }) => description).join('; ')}
    >
      {roundTicks(axis, Math.min(mostTicks, Math.floor((right - left) / tickWidth))).map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={head} y2={bottom} stroke={ink.grid} />
          <text x={x(tick)} y={bottom + 13} textAnchor="middle" fontSize={smallFontSize} fill={ink.faint}>
            {tickText(figure.unit, tick)}
          </text>
        </g>
      ))}
      {rows.map((row, index) => (
        <Row
          key={row.id}
          row={row}
          title={titles[index] ?? ''}
          look={look}
          x={x}
          y={head + rowHeight * (index + 0.5)}
          left={left}
          right={right}
        />
      ))}
      {line !== null && (
        <g pointerEvents="none">
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
        x={(left + right) / 2}
        y={bottom + 28}
        textAnchor="middle"
        fontSize={smallFontSize}
        fill={ink.faint}
      >
        {figure.axisTitle}
      </text>
    </ChartFrame>
  )
}

interface RowProps {
  row: BarRow
  title: string
  look: ChartLook
  x(value: number): number
  y: number
  left: number
  right: number
}

function Row({ row, title, look, x, y, left, right }: RowProps) {
  const { id, value, whisker, dots, isUnreliable, label, description } = row
  const { scheme, width, Mark } = look
  const ink = inkOf(scheme)
  const colour = isUnreliable ? ink.faint : strategyStyle(id, scheme).colour
  return (
    <Mark label={description} area={{ x: 0, y: y - rowHeight / 2 + 2, width, height: rowHeight - 2 }}>
      <text x={left - 8} y={y} textAnchor="end" dominantBaseline="central">
        {title}
      </text>
      {value !== null && (
        <rect x={left} y={y - 9} width={x(value) - left} height={18} fill={colour} fillOpacity={0.22} />
      )}
      {value !== null && (
        <line x1={x(value)} x2={x(value)} y1={y - 9} y2={y + 9} stroke={colour} strokeWidth={2.5} />
      )}
      {whisker !== null && (
        <path d={whiskerPath(whisker, x, y)} fill="none" stroke={ink.text} strokeWidth={1.25} />
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
    </Mark>
  )
}

/** From end to end; beyond the chart's edge, an arrow in place of the end. */
function whiskerPath(
  { low, high, isCut }: NonNullable<BarRow['whisker']>,
  x: (value: number) => number,
  y: number,
): string {
  const line = `M${x(low)} ${y - 5}v10m0 -5H${x(high)}`
  return isCut ? `${line}m-5 -4l5 4l-5 4` : `${line}m0 -5v10`
}
