import { Table, useComputedColorScheme } from '@mantine/core'
import {
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  ErrorBar,
  LabelList,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  XAxis,
  YAxis,
} from 'recharts'
import {
  type BarFigure,
  type Bar as BarOf,
  efficiencyFigure,
  epochTimeFigure,
  speedupFigure,
} from '../../../shared/figures.js'
import { formatPercent, formatSeconds, formatSpeedup, notAvailable } from '../../../shared/format.js'
import type { StrategyResult } from '../../../shared/strategy-results.js'
import { type ColourScheme, strategyStyle } from '../../../shared/strategy-style.js'
import { markUnreliable } from '../../../shared/validity/validity-text.js'
import { ChartCard } from '../../charts/chart-card.js'

interface SummaryChartProps {
  results: readonly StrategyResult[]
  unreliable: ReadonlySet<string>
}

/** The notebook's chart: seconds an epoch, lower is faster. */
export function EpochTimeChart({ results, unreliable }: SummaryChartProps) {
  return (
    <BarsCard
      title="Mean epoch time"
      unit="s, lower is faster"
      figure={epochTimeFigure(results, unreliable)}
      format={formatSeconds}
    />
  )
}

/** Speedup over Single, with its interval, every repeat as a dot, and a line where nothing would be lost. */
export function SpeedupChart({ results, unreliable }: SummaryChartProps) {
  return (
    <BarsCard
      title="Speedup"
      unit="times Single"
      figure={speedupFigure(results, unreliable)}
      format={formatSpeedup}
    />
  )
}

/** Speedup divided by devices. */
export function EfficiencyChart({ results, unreliable }: SummaryChartProps) {
  return (
    <BarsCard
      title="Efficiency"
      unit="of ideal"
      figure={efficiencyFigure(results, unreliable)}
      format={formatPercent}
    />
  )
}

interface BarsCardProps {
  title: string
  unit: string
  figure: BarFigure
  format(value: number | null): string
}

const inks: Record<ColourScheme, { ink: string; grid: string; grey: string; onBar: string }> = {
  light: { ink: '#4a5460', grid: '#e6e9ed', grey: '#6b7480', onBar: '#ffffff' },
  dark: { ink: '#a3adba', grid: '#2a3037', grey: '#8a94a1', onBar: '#15181c' },
}

function BarsCard({ title, unit, figure, format }: BarsCardProps) {
  const scheme = useComputedColorScheme('light')
  const { ink, grid, grey, onBar } = inks[scheme]
  const { bars, line } = figure
  const highest = Math.max(
    line?.at ?? 0,
    ...bars.flatMap(({ value, interval, dots }) => [value ?? 0, interval?.high ?? 0, ...dots]),
  )
  return (
    <ChartCard title={title} unit={unit} table={<BarsTable title={title} bars={bars} format={format} />}>
      <div style={{ height: '100%' }} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={bars.map((bar) => barRow(bar, format))}
            margin={{ top: 22, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke={grid} />
            <XAxis
              dataKey="title"
              // Bars and dots share their places.
              allowDuplicatedCategory={false}
              tick={{ fill: ink, fontSize: 12 }}
              tickLine={false}
              axisLine={{ stroke: grid }}
              interval={0}
            />
            <YAxis hide domain={[0, highest * 1.12 || 1]} />
            {line !== null && (
              <ReferenceLine
                y={line.at}
                stroke={ink}
                strokeDasharray="6 4"
                label={{ value: line.title, position: 'insideBottomRight', fill: ink, fontSize: 12 }}
              />
            )}
            <Bar dataKey="bar" isAnimationActive={false} maxBarSize={72}>
              {bars.map(({ id, isUnreliable }) => (
                <Cell key={id} fill={isUnreliable ? grey : strategyStyle(id, scheme).colour} />
              ))}
              <LabelList
                dataKey="label"
                position="insideBottom"
                fill={onBar}
                fontSize={13}
                fontWeight={600}
              />
              <ErrorBar
                dataKey="whisker"
                stroke={ink}
                strokeWidth={1.5}
                width={8}
                isAnimationActive={false}
              />
            </Bar>
            <Scatter
              data={bars.flatMap(({ title: bar, dots }) => dots.map((dot) => ({ title: bar, dot })))}
              dataKey="dot"
              fill={ink}
              isAnimationActive={false}
              shape={<circle r={2.5} />}
            />
          </ComposedChart>
        </ResponsiveContainer>
      </div>
    </ChartCard>
  )
}

function barRow({ title, value, interval }: BarOf, format: BarsCardProps['format']) {
  const whisker =
    value === null || interval === null ? undefined : [value - interval.low, interval.high - value]
  return { title, bar: value ?? 0, label: format(value), whisker }
}

function BarsTable({
  title,
  bars,
  format,
}: {
  title: string
  bars: BarOf[]
  format: BarsCardProps['format']
}) {
  return (
    <Table fz="sm" aria-label={title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Strategy</Table.Th>
          <Table.Th className="numeric">{title}</Table.Th>
          <Table.Th className="numeric">95 % interval</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {bars.map(({ id, title: bar, value, interval, isUnreliable }) => (
          <Table.Tr key={id}>
            <Table.Th>{bar}</Table.Th>
            <Table.Td className="numeric">
              {value === null ? notAvailable : markUnreliable(format(value), isUnreliable)}
            </Table.Td>
            <Table.Td className="numeric">
              {interval === null ? notAvailable : `${format(interval.low)} to ${format(interval.high)}`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
