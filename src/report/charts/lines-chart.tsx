import { scaleLinear } from 'd3-scale'
import type { CurvePoint, StepCurve } from '../../shared/report/step-curves.js'
import { strategyStyle } from '../../shared/strategy-style.js'
import { Axes } from './axes.js'
import { ChartFrame } from './chart-frame.js'
import { Legend, placeLegend } from './legend.js'
import { linePath } from './line-path.js'

export interface LinesChartProps {
  title: string
  curves: readonly StepCurve[]
  format(value: number): string
  width: number
  /** Whether the axis begins at 0: where ratios count, it must. */
  fromZero: boolean
}

const plotHeight = 128
const left = 44
const foot = 34

/** A line a strategy over the epochs, in a band from its lowest to its highest repeat. */
export function LinesChart({ title, curves, format, width, fromZero }: LinesChartProps) {
  const all = curves.flatMap(({ points }) => points)
  const values = all.flatMap(({ low, high }) => [low, high])
  const least = fromZero ? 0 : Math.min(...values)
  const x = scaleLinear([0, Math.max(...all.map(({ epochs }) => epochs))], [left, width - 8])
  const drawn = curves.map((curve) => ({ ...curve, ...strategyStyle(curve.id, 'light') }))
  const { placed, height } = placeLegend(
    drawn.map(({ title: name, colour, dash }) => ({ title: name, colour, sample: dash })),
    width,
  )
  const top = height + 8
  const y = scaleLinear([least, Math.max(...values)], [top + plotHeight, top]).nice(5)
  return (
    <ChartFrame
      width={width}
      height={top + plotHeight + foot}
      title={title}
      description={describe(curves, format)}
    >
      <Legend placed={placed} />
      <Axes x={x} y={y} xTitle="Epochs" formatX={String} formatY={format} />
      {drawn.map(({ id, points, colour }) => (
        <path key={id} d={bandPath(points, x, y)} fill={colour} fillOpacity={0.13} />
      ))}
      {drawn.map(({ id, points, colour, dash }) => (
        <path
          key={id}
          d={linePath(points.map(({ epochs, mean }) => [x(epochs), y(mean)]))}
          fill="none"
          stroke={colour}
          strokeWidth={1.75}
          strokeDasharray={dash.join(' ')}
          strokeLinejoin="round"
        />
      ))}
    </ChartFrame>
  )
}

function bandPath(
  points: readonly CurvePoint[],
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const upper = points.map(({ epochs, high }): [number, number] => [x(epochs), y(high)])
  const lower = points.map(({ epochs, low }): [number, number] => [x(epochs), y(low)])
  return `${linePath([...upper, ...lower.reverse()])}Z`
}

function describe(curves: readonly StepCurve[], format: (value: number) => string): string {
  return curves
    .map(({ title, points }) => {
      const [first, last] = [points[0], points.at(-1)]
      return first === undefined || last === undefined
        ? `${title}: nothing`
        : `${title}: from ${format(first.mean)} to ${format(last.mean)}`
    })
    .join('; ')
}
