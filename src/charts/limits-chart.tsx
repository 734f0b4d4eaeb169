import { scaleLinear } from 'd3-scale'
import type { LimitsAnalysis } from '../shared/analysis/limits-analysis.js'
import { strategyStyle } from '../shared/strategy-style.js'
import { Axes } from './axes.js'
import { ChartFrame } from './chart-frame.js'
import { Legend, placeLegend } from './legend.js'
import { limitStroke } from './limits-look.js'
import { limitsModel } from './limits-model.js'
import { linePath } from './line-path.js'
import { type ChartLook, inkOf } from './look.js'

const plotHeight = 140
const left = 36
const foot = 34

/** How far more devices would go by a model, and what was measured as dots. */
export function LimitsChart({ limits, look }: { limits: LimitsAnalysis; look: ChartLook }) {
  const { width, scheme } = look
  const ink = inkOf(scheme)
  const { curves, dots, devices, speedups, description } = limitsModel(limits, limits.points)
  const strokes = curves.map((curve) => ({ ...curve, stroke: limitStroke(curve.name, scheme) }))
  const { placed, height } = placeLegend(
    [
      ...strokes.map(({ title, stroke }) => ({
        title,
        colour: stroke.colour,
        sample: stroke.dash,
        width: stroke.width,
        opacity: stroke.opacity,
      })),
      ...dots.map(({ id, title }) => ({
        title,
        colour: strategyStyle(id, scheme).colour,
        sample: 'dot' as const,
      })),
    ],
    width,
  )
  const top = height + 8
  const x = scaleLinear([devices.from, devices.to], [left, width - 10])
  const y = scaleLinear([speedups.from, speedups.to], [top + plotHeight, top])
  return (
    <ChartFrame
      look={look}
      height={top + plotHeight + foot}
      title="Speedup by devices, a model"
      description={description}
    >
      <Legend placed={placed} />
      <Axes
        x={x}
        y={y}
        xTicks={devices.ticks}
        xTitle="Devices"
        formatX={String}
        formatY={(value) => `${value}x`}
        ink={ink}
      />
      {strokes.map(({ name, points, stroke }) => (
        <path
          key={name}
          d={linePath(points.map((point) => [x(point.devices), y(point.speedup)]))}
          fill="none"
          stroke={stroke.colour}
          strokeWidth={stroke.width}
          strokeOpacity={stroke.opacity}
          strokeDasharray={stroke.dash.join(' ')}
        />
      ))}
      {dots.map(({ id, devices: on, speedup }) => (
        <circle
          key={id}
          cx={x(on)}
          cy={y(speedup)}
          r={4}
          fill={strategyStyle(id, scheme).colour}
          stroke={ink.paper}
          strokeWidth={1.25}
        />
      ))}
    </ChartFrame>
  )
}
