import { scaleLinear } from 'd3-scale'
import { formatPercent } from '../../shared/format.js'
import type { DeviceUse } from '../../shared/report/device-use.js'
import { strategyStyle } from '../../shared/strategy-style.js'
import { ChartFrame } from './chart-frame.js'
import { fontSize, ink, smallFontSize } from './ink.js'
import { Legend, placeLegend } from './legend.js'
import { linePath } from './line-path.js'
import { sideTitle, textWidth } from './text-width.js'

/** A server may have more; what follows is in the table. */
export const mostDevicesDrawn = 8

const rowHeight = 42
const stripHeight = 10
const foot = 34
/** Of the strip that says which strategy trained when. */
const stripTitle = 'Training'

/** How busy each device was over the whole run, and in colours below which strategy trained when. */
export function DeviceUseChart({ use, width }: { use: DeviceUse; width: number }) {
  const devices = use.devices
    .slice(0, mostDevicesDrawn)
    .map((device) => ({ ...device, title: sideTitle(device.title, width, fontSize) }))
  const titles = [...devices.map(({ title }) => title), stripTitle]
  const left = 10 + Math.max(...titles.map((title) => textWidth(title, fontSize)))
  const end = Math.max(use.seconds, ...use.spans.map(({ toSeconds }) => toSeconds))
  const x = scaleLinear([0, end], [left, width - 8])
  const { placed, height } = placeLegend(
    use.strategies.map(({ id, title }) => ({
      title,
      colour: strategyStyle(id, 'light').colour,
      sample: 'fill' as const,
    })),
    width,
  )
  const top = height + 8
  const bottom = top + rowHeight * devices.length
  return (
    <ChartFrame
      width={width}
      height={bottom + stripHeight + foot}
      title="Utilisation of the devices"
      description={describe(use)}
    >
      <Legend placed={placed} />
      {devices.map(({ title, points }, index) => {
        const base = top + rowHeight * (index + 1) - 4
        const y = scaleLinear([0, 1], [base, base - rowHeight + 8])
        const line = points.map(({ seconds, utilisation }) => [x(seconds), y(utilisation)] as const)
        return (
          <g key={title}>
            <text x={left - 8} y={base - rowHeight / 2 + 4} textAnchor="end" dominantBaseline="central">
              {title}
            </text>
            {[0, 1].map((share) => (
              <line key={share} x1={left} x2={width - 8} y1={y(share)} y2={y(share)} stroke={ink.grid} />
            ))}
            <path
              d={`${linePath([[x(points[0]?.seconds ?? 0), base], ...line, [x(points.at(-1)?.seconds ?? 0), base]])}Z`}
              fill={ink.faint}
              fillOpacity={0.18}
            />
            <path d={linePath(line)} fill="none" stroke={ink.faint} strokeWidth={1} strokeLinejoin="round" />
          </g>
        )
      })}
      <text x={left - 8} y={bottom + stripHeight / 2} textAnchor="end" dominantBaseline="central">
        {stripTitle}
      </text>
      {use.spans.map(({ id, fromSeconds, toSeconds }) => (
        <rect
          key={`${id} ${fromSeconds}`}
          x={x(fromSeconds)}
          y={bottom}
          width={Math.max(0.5, x(toSeconds) - x(fromSeconds))}
          height={stripHeight}
          fill={strategyStyle(id, 'light').colour}
        />
      ))}
      {x.ticks(8).map((tick) => (
        <text
          key={tick}
          x={x(tick)}
          y={bottom + stripHeight + 14}
          textAnchor="middle"
          fontSize={smallFontSize}
          fill={ink.faint}
        >
          {tick}
        </text>
      ))}
      <text
        x={(left + width) / 2}
        y={bottom + stripHeight + 28}
        textAnchor="middle"
        fontSize={smallFontSize}
        fill={ink.faint}
      >
        Seconds since the run began
      </text>
    </ChartFrame>
  )
}

function describe({ devices, strategies }: DeviceUse): string {
  return strategies
    .map(({ title, utilisation }) => {
      const each = devices.map(
        (device, index) => `${device.title} ${formatPercent(utilisation[index] ?? null)}`,
      )
      return `${title}: ${each.join(', ')}`
    })
    .join('; ')
}
