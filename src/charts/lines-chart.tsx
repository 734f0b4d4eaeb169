import { scaleLinear } from 'd3-scale'
import type { CurvePoint } from '../shared/report/step-curves.js'
import { strategyStyle } from '../shared/strategy-style.js'
import { Axes } from './axes.js'
import { ChartFrame } from './chart-frame.js'
import { Legend, placeLegend } from './legend.js'
import { linePath } from './line-path.js'
import { type LinesModelInput, linesModel } from './lines-model.js'
import { type ChartLook, inkOf } from './look.js'

export interface LinesChartProps extends LinesModelInput {
  title: string
  look: ChartLook
}

const plotHeight = 128
const left = 44
const foot = 34

/** A line a strategy over the epochs, in a band from its lowest to its highest repeat. */
export function LinesChart({ title, look, ...input }: LinesChartProps) {
  const { width, scheme } = look
  const { curves, epochs, values, description } = linesModel(input)
  const drawn = curves.map((curve) => ({ ...curve, ...strategyStyle(curve.id, scheme) }))
  const { placed, height } = placeLegend(
    drawn.map(({ title: name, colour, dash }) => ({ title: name, colour, sample: dash })),
    width,
  )
  const top = height + 8
  const x = scaleLinear([epochs.from, epochs.to], [left, width - 8])
  const y = scaleLinear([values.from, values.to], [top + plotHeight, top])
  return (
    <ChartFrame look={look} height={top + plotHeight + foot} title={title} description={description}>
      <Legend placed={placed} />
      <Axes x={x} y={y} xTitle="Epochs" formatX={String} formatY={input.format} ink={inkOf(scheme)} />
      {drawn.map(({ id, points, colour }) => (
        <path key={id} d={bandPath(points, x, y)} fill={colour} fillOpacity={0.13} />
      ))}
      {drawn.map(({ id, points, colour, dash }) => (
        <path
          key={id}
          d={linePath(points.map((point) => [x(point.epochs), y(point.mean)]))}
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
