import {
  CartesianGrid,
  Label,
  Line,
  LineChart,
  ReferenceDot,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { limitStroke } from '../../../charts/limits-look.js'
import type { LimitCurve, LimitCurveName, LimitDot, LimitsModel } from '../../../charts/limits-model.js'
import { inkOf } from '../../../charts/look.js'
import { type ColourScheme, strategyStyle } from '../../../shared/strategy-style.js'
import { formatQuantity, formatSpeedup } from '../../../shared/text/format.js'
import styles from './limits-card.module.css'

export interface LimitsPlotProps {
  model: LimitsModel
  scheme: ColourScheme
  unreliable: ReadonlySet<string>
}

/** The model's curves under a crosshair that says what each of them comes to. */
export function LimitsPlot({ model, scheme, unreliable }: LimitsPlotProps) {
  const { curves, dots, devices, speedups } = model
  const ink = inkOf(scheme)
  const tick = { fill: ink.faint, fontSize: 12 }
  return (
    <div className={styles.plot} aria-hidden="true">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 520, height: 232 }}>
        <LineChart
          data={rowsOf(curves)}
          margin={{ top: 8, right: 12, bottom: 4, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke={ink.grid} vertical={false} />
          <XAxis
            dataKey="devices"
            type="number"
            domain={[devices.from, devices.to]}
            ticks={devices.ticks}
            tick={tick}
            stroke={ink.axis}
            height={40}
          >
            <Label value="Devices" position="insideBottom" fill={ink.faint} fontSize={12} />
          </XAxis>
          <YAxis
            width={48}
            domain={[speedups.from, speedups.to]}
            tick={tick}
            tickFormatter={(value: number) => `${value}x`}
            stroke={ink.axis}
          />
          <Tooltip
            isAnimationActive={false}
            separator=": "
            itemSorter={({ value }) => -Number(value)}
            contentStyle={{ background: ink.paper, borderColor: ink.axis, fontSize: 12 }}
            labelStyle={{ color: ink.text, fontWeight: 600 }}
            itemStyle={{ color: ink.text, padding: 0 }}
            labelFormatter={(value) => formatQuantity(Number(value), 'device')}
            formatter={(value) => formatSpeedup(Number(value))}
          />
          {curves.map(({ name, title }) => {
            const { colour, width, opacity, dash } = limitStroke(name, scheme)
            return (
              <Line
                key={name}
                name={title}
                dataKey={name}
                stroke={colour}
                strokeWidth={width}
                strokeOpacity={opacity}
                strokeDasharray={dash.join(' ')}
                dot={false}
                isAnimationActive={false}
              />
            )
          })}
          {dots.map((dot) => (
            <ReferenceDot
              key={dot.id}
              x={dot.devices}
              y={dot.speedup}
              r={5}
              fill={dotColour(dot, scheme, unreliable)}
              stroke={ink.paper}
              strokeWidth={1.25}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  )
}

/** What the curves are, and what was measured. */
export function LimitsLegend({ model: { curves, dots }, scheme, unreliable }: LimitsPlotProps) {
  return (
    <ul className={styles.legend}>
      {curves.map(({ name, title }) => (
        <li key={name}>
          <CurveSample name={name} scheme={scheme} />
          {title}
        </li>
      ))}
      {dots.map((dot) => (
        <li key={dot.id}>
          <span
            className={styles.dot}
            style={{ background: dotColour(dot, scheme, unreliable) }}
            aria-hidden="true"
          />
          {dot.title}
        </li>
      ))}
    </ul>
  )
}

function CurveSample({ name, scheme }: { name: LimitCurveName; scheme: ColourScheme }) {
  const { colour, width, opacity, dash } = limitStroke(name, scheme)
  return (
    <svg width="22" height="8" aria-hidden="true">
      <line
        x2="22"
        y1="4"
        y2="4"
        stroke={colour}
        strokeWidth={width}
        strokeOpacity={opacity}
        strokeDasharray={dash.join(' ')}
      />
    </svg>
  )
}

function dotColour({ id }: LimitDot, scheme: ColourScheme, unreliable: ReadonlySet<string>): string {
  return unreliable.has(id) ? inkOf(scheme).faint : strategyStyle(id, scheme).colour
}

/** A row a number of devices, with a column a curve. */
function rowsOf(curves: readonly LimitCurve[]): Record<string, number>[] {
  const rows = new Map<number, Record<string, number>>()
  for (const { name, points } of curves) {
    for (const { devices, speedup } of points) {
      rows.set(devices, { ...rows.get(devices), devices, [name]: speedup })
    }
  }
  return [...rows.values()]
}
