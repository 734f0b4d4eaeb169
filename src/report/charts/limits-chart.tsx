import { scaleLinear } from 'd3-scale'
import type { LimitsAnalysis } from '../../shared/analysis/limits-analysis.js'
import { formatSpeedup } from '../../shared/format.js'
import type { LimitPoint } from '../../shared/limits/limit-curves.js'
import { strategyStyle } from '../../shared/strategy-style.js'
import { Axes } from './axes.js'
import { ChartFrame } from './chart-frame.js'
import { ink } from './ink.js'
import { Legend, placeLegend } from './legend.js'
import { linePath } from './line-path.js'

export const limitCurveTitles = [
  { key: 'ideal', title: 'Ideal', dash: [6, 4], colour: ink.faint },
  { key: 'allReduceBound', title: 'Bound by the all-reduce', dash: [2, 3], colour: ink.faint },
  { key: 'amdahl', title: 'Amdahl’s law, fitted', dash: [8, 3, 2, 3], colour: ink.text },
  { key: 'predicted', title: 'Step model', dash: [], colour: ink.text },
] as const

const plotHeight = 140
const left = 36
const foot = 34

/** How far more devices would go by a model of four curves, and what was measured as dots. */
export function LimitsChart({ limits, width }: { limits: LimitsAnalysis; width: number }) {
  const { points, measured } = limits
  const curves = limitCurveTitles.filter(({ key }) => points.some((point) => point[key] !== null))
  const { placed, height } = placeLegend(
    [
      ...curves.map(({ title, dash, colour }) => ({ title, colour, sample: dash })),
      ...measured.map(({ id, title, devices }) => ({
        title: `${title}, measured on ${devices}`,
        colour: strategyStyle(id, 'light').colour,
        sample: 'dot' as const,
      })),
    ],
    width,
  )
  const top = height + 8
  const highest = Math.max(
    ...curves.flatMap(({ key }) => points.map((point) => point[key]?.speedup ?? 0)),
    ...measured.map(({ speedup }) => speedup),
  )
  const x = scaleLinear([1, Math.max(...points.map(({ devices }) => devices))], [left, width - 10])
  const y = scaleLinear([0, highest], [top + plotHeight, top]).nice(5)
  return (
    <ChartFrame
      width={width}
      height={top + plotHeight + foot}
      title="Speedup by devices, a model"
      description={describe(limits, curves)}
    >
      <Legend placed={placed} />
      <Axes x={x} y={y} xTitle="Devices" formatX={String} formatY={(value) => `${value}x`} />
      {curves.map(({ key, dash, colour }) => (
        <path
          key={key}
          d={linePath(known(points, key).map(({ devices, speedup }) => [x(devices), y(speedup)]))}
          fill="none"
          stroke={colour}
          strokeWidth={1.5}
          strokeDasharray={dash.join(' ')}
        />
      ))}
      {measured.map(({ id, devices, speedup }) => (
        <circle
          key={id}
          cx={x(devices)}
          cy={y(speedup)}
          r={4}
          fill={strategyStyle(id, 'light').colour}
          stroke={ink.paper}
          strokeWidth={1.25}
        />
      ))}
    </ChartFrame>
  )
}

type CurveKey = (typeof limitCurveTitles)[number]['key']

function known(points: readonly LimitPoint[], key: CurveKey) {
  return points.flatMap((point) => {
    const limit = point[key]
    return limit === null ? [] : [{ devices: point.devices, speedup: limit.speedup }]
  })
}

function describe(
  { points, measured }: LimitsAnalysis,
  curves: readonly { key: CurveKey; title: string }[],
): string {
  const last = points.at(-1)
  const ends = curves.map(({ key, title }) => `${title}: ${formatSpeedup(last?.[key]?.speedup ?? null)}`)
  const dots = measured.map(
    ({ title, devices, speedup }) => `${title} on ${devices}: ${formatSpeedup(speedup)}`,
  )
  return `A model, on ${last?.devices} devices: ${ends.join(', ')}. Measured: ${dots.join(', ')}`
}
