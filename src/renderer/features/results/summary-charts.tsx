import { Table } from '@mantine/core'
import { BarsChart } from '../../../charts/bars-chart.js'
import {
  type BarFigure,
  efficiencyFigure,
  epochTimeFigure,
  hasComparison,
  speedupFigure,
} from '../../../shared/figures/bar-figure.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import { notAvailable } from '../../../shared/text/format.js'
import { ChartCard } from '../../charts/chart-card.js'
import { DrawnChart } from '../../charts/drawn-chart.js'
import styles from './results-screen.module.css'

interface SummaryChartsProps {
  results: readonly StrategyResult[]
  unreliable: ReadonlySet<string>
}

/** The report's charts of bars: the notebook's seconds an epoch, and where there is a speedup, that and efficiency. */
export function SummaryCharts({ results, unreliable }: SummaryChartsProps) {
  const epochTime = epochTimeFigure(results, unreliable)
  // Axes without a bar say nothing that the cards above have not said.
  if (epochTime.bars.every(({ value }) => value === null)) return null
  const speedup = speedupFigure(results, unreliable)
  return (
    <div className={styles.charts}>
      {hasComparison(speedup) && <BarsCard figure={speedup} note={speedupNote(speedup)} />}
      <BarsCard figure={epochTime} note="lower is faster" />
      {hasComparison(speedup) && (
        <BarsCard figure={efficiencyFigure(results, unreliable)} note="speedup over devices" />
      )}
    </div>
  )
}

function speedupNote({ bars }: BarFigure): string {
  return bars.some(({ interval }) => interval !== null) ? 'whiskers: 95 %' : 'no interval: one repeat'
}

function BarsCard({ figure, note }: { figure: BarFigure; note: string }) {
  return (
    <ChartCard title={figure.title} unit={note} table={<BarsTable figure={figure} />}>
      <DrawnChart draw={(look) => <BarsChart figure={figure} look={look} />} />
    </ChartCard>
  )
}

function BarsTable({ figure: { title, bars } }: { figure: BarFigure }) {
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
        {bars.map(({ id, title: bar, text, interval }) => (
          <Table.Tr key={id}>
            <Table.Th>{bar}</Table.Th>
            <Table.Td className="numeric">{text}</Table.Td>
            <Table.Td className="numeric">{interval?.text ?? notAvailable}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
