import type { ScaleLinear } from 'd3-scale'
import { ink, smallFontSize } from './ink.js'

export interface AxesProps {
  x: ScaleLinear<number, number>
  y: ScaleLinear<number, number>
  xTitle: string
  formatX(value: number): string
  formatY(value: number): string
}

/** The two axes of a plot: grid lines across it, figures at its left and its foot. */
export function Axes({ x, y, xTitle, formatX, formatY }: AxesProps) {
  const [left = 0, right = 0] = x.range()
  const [bottom = 0] = y.range()
  return (
    <g fontSize={smallFontSize} fill={ink.faint}>
      {y.ticks(5).map((tick) => (
        <g key={tick}>
          <line x1={left} x2={right} y1={y(tick)} y2={y(tick)} stroke={ink.grid} />
          <text x={left - 6} y={y(tick)} textAnchor="end" dominantBaseline="central">
            {formatY(tick)}
          </text>
        </g>
      ))}
      {wholeTicks(x).map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={bottom} y2={bottom + 3} stroke={ink.axis} />
          <text x={x(tick)} y={bottom + 14} textAnchor="middle">
            {formatX(tick)}
          </text>
        </g>
      ))}
      <line x1={left} x2={right} y1={bottom} y2={bottom} stroke={ink.axis} />
      <text x={(left + right) / 2} y={bottom + 28} textAnchor="middle">
        {xTitle}
      </text>
    </g>
  )
}

/** What is counted has no halves. */
function wholeTicks(scale: ScaleLinear<number, number>): number[] {
  const [from = 0, to = 0] = scale.range()
  return scale.ticks(Math.max(2, Math.floor((to - from) / 60))).filter(Number.isInteger)
}
