import { scaleLinear } from 'd3-scale'
import type { StepTimes } from '../../shared/report/step-times.js'
import { ChartFrame } from './chart-frame.js'
import { fontSize, phaseColours } from './ink.js'
import { Legend, placeLegend } from './legend.js'
import { sideTitle, textWidth } from './text-width.js'

const rowHeight = 25

/** Where the time of a mean step goes: a bar a strategy, all to one scale. */
export function PhasesChart({
  strategies: given,
  width,
}: {
  strategies: readonly StepTimes[]
  width: number
}) {
  const strategies = given.map((one) => ({ ...one, title: sideTitle(one.title, width, fontSize) }))
  const parts = strategies[0]?.parts ?? []
  const left = 10 + Math.max(...strategies.map(({ title }) => textWidth(title, fontSize)))
  const x = scaleLinear([0, Math.max(...strategies.map(({ meanMs }) => meanMs))], [left, width - 62])
  const { placed, height } = placeLegend(
    parts.map(({ name, title }) => ({ title, colour: phaseColours[name], sample: 'fill' as const })),
    width,
  )
  const top = height + 6
  return (
    <ChartFrame
      width={width}
      height={top + rowHeight * strategies.length}
      title="Time per step"
      description={strategies.map(describe).join('; ')}
    >
      <Legend placed={placed} />
      {strategies.map(({ id, title, meanMs, parts: own }, index) => {
        const y = top + rowHeight * index
        return (
          <g key={id}>
            <text x={left - 8} y={y + rowHeight / 2} textAnchor="end" dominantBaseline="central">
              {title}
            </text>
            {stacked(own).map(({ name, fromMs, toMs }) => (
              <rect
                key={name}
                x={x(fromMs)}
                y={y + 4}
                width={Math.max(0, x(toMs) - x(fromMs))}
                height={rowHeight - 8}
                fill={phaseColours[name]}
              />
            ))}
            <text x={x(meanMs) + 6} y={y + rowHeight / 2} dominantBaseline="central" fontWeight={600}>
              {meanMs.toFixed(1)} ms
            </text>
          </g>
        )
      })}
    </ChartFrame>
  )
}

function stacked(parts: StepTimes['parts']) {
  let atMs = 0
  return parts.map(({ name, ms }) => {
    const fromMs = atMs
    atMs += ms
    return { name, fromMs, toMs: atMs }
  })
}

function describe({ title, meanMs, parts }: StepTimes): string {
  const phases = parts.map((part) => `${part.title} ${part.ms.toFixed(1)} ms`).join(', ')
  return `${title}: ${meanMs.toFixed(1)} ms, of which ${phases}`
}
