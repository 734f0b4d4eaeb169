import { Table, useComputedColorScheme } from '@mantine/core'
import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  LabelList,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts'
import { formatPercent, formatSeconds, formatSpeedup, notAvailable } from '../../../shared/format.js'
import type { MeasurementSummary } from '../../../shared/results.js'
import { deviceEquivalents } from '../../../shared/summary.js'
import { ChartCard } from '../../charts/chart-card.js'
import { type ColourScheme, strategyStyle } from '../../theme/strategy-style.js'

interface SummaryChartProps {
  measurements: readonly MeasurementSummary[]
}

/** One bar a measurement; `value` null has none, and `N/A` in its place. */
interface Entry {
  id: string
  title: string
  value: number | null
}

/** The notebook's chart: seconds an epoch, lower is faster. */
export function EpochTimeChart({ measurements }: SummaryChartProps) {
  const entries = measurements.map(({ id, title, meanEpochSeconds: value }) => ({ id, title, value }))
  return (
    <BarsCard title="Mean epoch time" unit="s, lower is faster" entries={entries} format={formatSeconds} />
  )
}

/** Speedup over Single, with a line where as many devices would be if nothing were lost. */
export function SpeedupChart({ measurements }: SummaryChartProps) {
  const base = measurements.find(({ id }) => id === 'single')
  const entries = measurements.map(({ id, title, speedup, imagesPerSecond }) => ({
    id,
    title,
    value: id === 'single' && imagesPerSecond !== null ? 1 : speedup,
  }))
  const ideal =
    base === undefined
      ? null
      : Math.max(1, ...measurements.map((measurement) => deviceEquivalents(measurement, base)))
  return (
    <BarsCard
      title="Speedup"
      unit="times Single"
      entries={entries}
      format={formatSpeedup}
      line={ideal === null || ideal === 1 ? null : { at: ideal, title: `ideal ${ideal}x` }}
    />
  )
}

/** Speedup divided by devices. */
export function EfficiencyChart({ measurements }: SummaryChartProps) {
  const entries = measurements
    .filter(({ id }) => id !== 'single')
    .map(({ id, title, efficiency: value }) => ({ id, title, value }))
  return (
    <BarsCard
      title="Efficiency"
      unit="of ideal"
      entries={entries}
      format={formatPercent}
      line={{ at: 1, title: 'ideal' }}
    />
  )
}

interface BarsCardProps {
  title: string
  unit: string
  entries: Entry[]
  format(value: number | null): string
  line?: { at: number; title: string } | null
}

const inks: Record<ColourScheme, { ink: string; grid: string }> = {
  light: { ink: '#4a5460', grid: '#e6e9ed' },
  dark: { ink: '#a3adba', grid: '#2a3037' },
}

function BarsCard({ title, unit, entries, format, line = null }: BarsCardProps) {
  const scheme = useComputedColorScheme('light')
  const { ink, grid } = inks[scheme]
  const highest = Math.max(line?.at ?? 0, ...entries.map(({ value }) => value ?? 0))
  return (
    <ChartCard
      title={title}
      unit={unit}
      table={<BarsTable title={title} entries={entries} format={format} />}
    >
      <div style={{ height: '100%' }} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={entries.map((entry) => ({ ...entry, bar: entry.value ?? 0, label: format(entry.value) }))}
            margin={{ top: 22, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke={grid} />
            <XAxis
              dataKey="title"
              tick={{ fill: ink, fontSize: 12 }}
              tickLine={false}
              axisLine={{ stroke: grid }}
              interval={0}
            />
            <YAxis hide domain={[0, highest * 1.08 || 1]} />
            {line !== null && (
              <ReferenceLine
                y={line.at}
                stroke={ink}
                strokeDasharray="6 4"
                label={{ value: line.title, position: 'insideBottomRight', fill: ink, fontSize: 12 }}
              />
            )}
            <Bar dataKey="bar" isAnimationActive={false} maxBarSize={72}>
              {entries.map(({ id }) => (
                <Cell key={id} fill={strategyStyle(id, scheme).colour} />
              ))}
              <LabelList dataKey="label" position="top" fill={ink} fontSize={13} fontWeight={600} />
            </Bar>
          </BarChart>
        </ResponsiveContainer>
      </div>
    </ChartCard>
  )
}

function BarsTable({ title, entries, format }: Pick<BarsCardProps, 'title' | 'entries' | 'format'>) {
  return (
    <Table fz="sm" aria-label={title}>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.id}>
            <Table.Th>{entry.title}</Table.Th>
            <Table.Td className="numeric">
              {entry.value === null ? notAvailable : format(entry.value)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
