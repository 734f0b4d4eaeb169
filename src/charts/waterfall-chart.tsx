import { scaleLinear } from 'd3-scale'
import type { StrategyWaterfall } from '../shared/analysis/step-analysis.js'
import { ChartFrame } from './chart-frame.js'
import { type ChartLook, fontSize, inkOf } from './look.js'
import { waterfallColour } from './palettes.js'
import { wrapText } from './text-width.js'
import { type WaterfallRow, waterfallModel } from './waterfall-model.js'

const lineHeight = 13
const barHeight = 14

/** Rows stand apart by so many times their own height at most. */
const widest = 1.8

/** From the step that the devices would make without any loss to the one that they made, reason by reason. */
export function WaterfallChart({
  shown,
  look,
  place = 0,
}: {
  shown: StrategyWaterfall
  look: ChartLook
  /** How high its place is, in its units: its rows stand apart until they fill it. */
  place?: number
}) {
  const { width, scheme, Mark } = look
  const ink = inkOf(scheme)
  const { title: name, rows: unplaced, axis } = waterfallModel(shown)
  const names = Math.round(width * 0.42)
  const rows = placeRows(unplaced, names - 12, place)
  const x = scaleLinear([axis.from, axis.to], [names, width - 60])
  const last = rows.at(-1)
  return (
    <ChartFrame
      look={look}
      height={last === undefined ? 0 : last.y + last.height}
      title={name}
      description={unplaced.map(describe).join('; ')}
    >
      {rows.map(({ row, lines, y, height }, index) => {
        const { title, fromMs, toMs, kind, amount } = row
        const middle = y + height / 2
        const next = rows[index + 1]
        return (
          <Mark key={title} label={describe(row)} area={{ x: 0, y, width, height }}>
            {lines.map((line, at) => (
              <text
                key={line}
                x={names - 10}
                y={middle + (at - (lines.length - 1) / 2) * lineHeight}
                textAnchor="end"
                dominantBaseline="central"
                fontWeight={kind === 'total' ? 600 : undefined}
              >
                {line}
              </text>
            ))}
            {next !== undefined && (
              <line
                x1={x(toMs)}
                x2={x(toMs)}
                y1={middle}
                y2={next.y + next.height / 2}
                stroke={ink.axis}
                strokeDasharray="2 2"
              />
            )}
            <rect
              x={Math.min(x(fromMs), x(toMs))}
              y={middle - barHeight / 2}
              width={Math.max(1, Math.abs(x(toMs) - x(fromMs)))}
              height={barHeight}
              fill={waterfallColour(kind, scheme)}
            />
            <text x={x(Math.max(fromMs, toMs)) + 6} y={middle} dominantBaseline="central" fontWeight={600}>
              {amount}
            </text>
          </Mark>
        )
      })}
    </ChartFrame>
  )
}

function describe({ title, amount }: WaterfallRow): string {
  return `${title}: ${amount} ms`
}

function placeRows(rows: readonly WaterfallRow[], width: number, place: number) {
  const least = rows.map((row) => {
    const lines = wrapText(row.title, width, fontSize)
    return { row, lines, height: Math.max(22, lines.length * lineHeight + 8) }
  })
  const needed = least.reduce((sum, { height }) => sum + height, 0)
  const spread = Math.min(widest, Math.max(1, place / Math.max(1, needed)))
  let y = 0
  return least.map(({ row, lines, height }) => {
    const placed = { row, lines, y, height: height * spread }
    y += placed.height
    return placed
  })
}
