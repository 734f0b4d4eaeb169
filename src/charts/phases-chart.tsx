import { scaleLinear } from 'd3-scale'
import { useId } from 'react'
import { ChartFrame } from './chart-frame.js'
import { Legend, placeLegend } from './legend.js'
import { type ChartLook, fontSize } from './look.js'
import { stepPartFill } from './palettes.js'
import { phasesModel, type StepParts } from './phases-model.js'
import { Stripes, stripesUrl } from './stripes.js'
import { sideTitle, textWidth } from './text-width.js'

const rowHeight = 25
/** Between parts, so that neighbours stay apart without their colours. */
const gap = 0.75

/** Where the time of a mean step goes: a bar a strategy, all to one scale. */
export function PhasesChart({ strategies, look }: { strategies: readonly StepParts[]; look: ChartLook }) {
  const { width, scheme, Mark } = look
  const patterns = useId()
  const { rows, axis } = phasesModel(strategies)
  const titles = rows.map(({ title }) => sideTitle(title, width, fontSize))
  const left = 10 + Math.max(...titles.map((title) => textWidth(title, fontSize)))
  const x = scaleLinear([axis.from, axis.to], [left, width - 62])
  const fill = (name: Parameters<typeof stepPartFill>[0]): string => {
    const { colour, isStriped } = stepPartFill(name, scheme)
    return isStriped ? stripesUrl(patterns, colour) : colour
  }
  const { placed, height } = placeLegend(
    (strategies[0]?.parts ?? []).map(({ name, title }) => ({
      title,
      colour: fill(name),
      sample: 'fill' as const,
    })),
    width,
  )
  const top = height + 6
  return (
    <ChartFrame
      look={look}
      height={top + rowHeight * rows.length}
      title="Time per step"
      description={rows.map(({ description }) => description).join('; ')}
    >
      <Stripes id={patterns} colour={stepPartFill('dataWaitMs', scheme).colour} />
      <Legend placed={placed} />
      {rows.map(({ id, meanMs, label, parts, description }, index) => {
        const y = top + rowHeight * index
        return (
          <Mark key={id} label={description} area={{ x: 0, y, width, height: rowHeight }}>
            <text x={left - 8} y={y + rowHeight / 2} textAnchor="end" dominantBaseline="central">
              {titles[index]}
            </text>
            {parts.map(({ name, fromMs, toMs }) => (
              <rect
                key={name}
                x={x(fromMs)}
                y={y + 4}
                width={Math.max(0, x(toMs) - x(fromMs) - gap)}
                height={rowHeight - 8}
                fill={fill(name)}
              />
            ))}
            <text x={x(meanMs) + 6} y={y + rowHeight / 2} dominantBaseline="central" fontWeight={600}>
              {label}
            </text>
          </Mark>
        )
      })}
    </ChartFrame>
  )
}
