import type { ScaleLinear } from 'd3-scale'
import { roundTicks } from './axis.js'
import { type Ink, smallFontSize } from './look.js'

export interface AxesProps {
  x: ScaleLinear<number, number>
  y: ScaleLinear<number, number>
  /** What is counted has no halves; by default whole numbers, as many as there is room for. */
  xTicks?: readonly number[]
  xTitle: string
  formatX(value: number): string
  formatY(value: number): string
  ink: Ink
}

/** The two axes of a plot: grid lines across it, figures at its left and its foot. */
export function Axes({ x, y, xTicks = wholeTicks(x), xTitle, formatX, formatY, ink }: AxesProps) {
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
      {xTicks.map((tick) => (
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

function wholeTicks(scale: ScaleLinear<number, number>): number[] {
  const [from = 0, to = 0] = scale.range()
  const [least = 0, most = 0] = scale.domain()
  return roundTicks({ from: least, to: most }, Math.floor((to - from) / 60)).filter(Number.isInteger)
}
