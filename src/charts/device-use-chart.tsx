import { scaleLinear } from 'd3-scale'
import type { DeviceUse } from '../shared/report/device-use.js'
import { strategyStyle } from '../shared/strategy-style.js'
import { ChartFrame } from './chart-frame.js'
import { deviceUseModel } from './device-use-model.js'
import { Legend, placeLegend } from './legend.js'
import { linePath } from './line-path.js'
import { type ChartLook, fontSize, inkOf, smallFontSize } from './look.js'
import { sideTitle, textWidth } from './text-width.js'

const rowHeight = 42
const stripHeight = 10
const foot = 34
/** Of the strip that says which strategy trained when. */
const stripTitle = 'Training'

/** How busy each device was over the whole run, and in colours below which strategy trained when. */
export function DeviceUseChart({ use, look }: { use: DeviceUse; look: ChartLook }) {
  const { width, scheme } = look
  const ink = inkOf(scheme)
  const { spans, seconds: time, description, ...model } = deviceUseModel(use)
  const devices = model.devices.map((device) => ({
    ...device,
    title: sideTitle(device.title, width, fontSize),
  }))
  const titles = [...devices.map(({ title }) => title), stripTitle]
  const left = 10 + Math.max(...titles.map((title) => textWidth(title, fontSize)))
  const x = scaleLinear([time.from, time.to], [left, width - 8])
  const { placed, height } = placeLegend(
    use.strategies.map(({ id, title }) => ({
      title,
      colour: strategyStyle(id, scheme).colour,
      sample: 'fill' as const,
    })),
    width,
  )
  const top = height + 8
  const bottom = top + rowHeight * devices.length
  return (
    <ChartFrame
      look={look}
      height={bottom + stripHeight + foot}
      title="Device utilisation"
      description={description}
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
      {spans.map(({ id, fromSeconds, toSeconds }) => (
        <rect
          key={`${id} ${fromSeconds}`}
          x={x(fromSeconds)}
          y={bottom}
          width={Math.max(0.5, x(toSeconds) - x(fromSeconds))}
          height={stripHeight}
          fill={strategyStyle(id, scheme).colour}
        />
      ))}
      {time.ticks.map((tick) => (
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
