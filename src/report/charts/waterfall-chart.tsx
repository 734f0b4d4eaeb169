import { scaleLinear } from 'd3-scale'
import type { StrategyWaterfall } from '../../shared/analysis/step-analysis.js'
import { ChartFrame } from './chart-frame.js'
import { fontSize, ink, waterfallColours } from './ink.js'
import { wrapText } from './text-width.js'

const lineHeight = 13
const barHeight = 14

/** From the step that the devices would make without any loss to the one that they made, reason by reason. */
export function WaterfallChart({ shown, width }: { shown: StrategyWaterfall; width: number }) {
  const names = Math.round(width * 0.42)
  const rows = placeRows(waterfallRows(shown), names - 12)
  const ends = rows.flatMap(({ fromMs, toMs }) => [fromMs, toMs])
  const x = scaleLinear([Math.min(0, ...ends), Math.max(...ends)], [names, width - 60])
  const last = rows.at(-1)
  return (
    <ChartFrame
      width={width}
      height={last === undefined ? 0 : last.y + last.height}
      title={`From the ideal to the measured step of ${shown.title}`}
      description={rows.map(({ title, amount }) => `${title}: ${amount} ms`).join('; ')}
    >
      {rows.map(({ title, lines, y, height, fromMs, toMs, kind, amount }, index) => {
        const middle = y + height / 2
        const next = rows[index + 1]
        return (
          <g key={title}>
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
              fill={waterfallColours[kind]}
            />
            <text x={x(Math.max(fromMs, toMs)) + 6} y={middle} dominantBaseline="central" fontWeight={600}>
              {amount}
            </text>
          </g>
        )
      })}
    </ChartFrame>
  )
}

export interface WaterfallRow {
  title: string
  fromMs: number
  toMs: number
  kind: keyof typeof waterfallColours
  /** `+9.5`; a total, and what rounds to nothing, without a sign. */
  amount: string
}

export function waterfallRows({
  waterfall: { idealMs, measuredMs, bars },
}: StrategyWaterfall): WaterfallRow[] {
  let atMs = idealMs
  const reasons = bars.map(({ title, msPerStep }): WaterfallRow => {
    const fromMs = atMs
    atMs += msPerStep
    return {
      title,
      fromMs,
      toMs: atMs,
      kind: msPerStep < 0 ? 'less' : 'more',
      amount: signed(msPerStep),
    }
  })
  return [
    {
      title: 'Ideal: shared without loss',
      fromMs: 0,
      toMs: idealMs,
      kind: 'total',
      amount: idealMs.toFixed(1),
    },
    ...reasons,
    { title: 'Measured', fromMs: 0, toMs: measuredMs, kind: 'total', amount: measuredMs.toFixed(1) },
  ]
}

/** To a tenth; what rounds to nothing has no sign. */
function signed(ms: number): string {
  const size = Math.abs(ms).toFixed(1)
  if (size === '0.0') return size
  return `${ms < 0 ? '−' : '+'}${size}`
}

function placeRows(rows: readonly WaterfallRow[], width: number) {
  let y = 0
  return rows.map((row) => {
    const lines = wrapText(row.title, width, fontSize)
    const height = Math.max(22, lines.length * lineHeight + 8)
    const placed = { ...row, lines, y, height }
    y += height
    return placed
  })
}
