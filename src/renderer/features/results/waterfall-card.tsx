import { SegmentedControl, Select, Table } from '@mantine/core'
import { useState } from 'react'
import { WaterfallChart } from '../../../charts/waterfall-chart.js'
import { waterfallModel } from '../../../charts/waterfall-model.js'
import type { StrategyWaterfall } from '../../../shared/analysis/step-analysis.js'
import { ChartCard } from '../../charts/chart-card.js'
import { DrawnChart } from '../../charts/drawn-chart.js'
import styles from './results-screen.module.css'

/** From the step that N devices would make without any loss to the one that they made, reason by reason. */
export function WaterfallCard({
  waterfalls,
  fontPixels,
}: {
  waterfalls: readonly StrategyWaterfall[]
  /** Larger for a projector, where it fills its scene. */
  fontPixels?: number
}) {
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = waterfalls.find(({ id }) => id === chosen) ?? waterfalls.at(-1)
  if (shown === undefined) return null
  return (
    <ChartCard
      title="Why not N times?"
      unit="ms a step, mean of all repeats"
      legend={
        waterfalls.length > 1 && <StrategyChoice waterfalls={waterfalls} id={shown.id} onChoose={setChosen} />
      }
      table={<WaterfallTable shown={shown} />}
    >
      <DrawnChart
        draw={(look, place) => <WaterfallChart shown={shown} look={look} place={place} />}
        fills={fontPixels !== undefined}
        {...(fontPixels !== undefined && { fontPixels })}
      />
    </ChartCard>
  )
}

/** Beside each other as far as they fit. */
const mostSegments = 4

function StrategyChoice({
  waterfalls,
  id: value,
  onChoose,
}: {
  waterfalls: readonly StrategyWaterfall[]
  id: string
  onChoose(id: string | null): void
}) {
  const control = {
    size: 'xs' as const,
    className: styles.strategies ?? '',
    'aria-label': 'Strategy of the waterfall',
    value,
    data: waterfalls.map(({ id, title }) => ({ value: id, label: title })),
  }
  return waterfalls.length > mostSegments ? (
    <Select {...control} w={260} allowDeselect={false} onChange={onChoose} />
  ) : (
    <SegmentedControl {...control} onChange={onChoose} />
  )
}

function WaterfallTable({ shown }: { shown: StrategyWaterfall }) {
  const { title, rows } = waterfallModel(shown)
  return (
    <Table verticalSpacing={3} fz="sm" aria-label={title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Reason</Table.Th>
          <Table.Th className="numeric">ms a step</Table.Th>
          <Table.Th className="numeric">of the ideal</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ title: reason, amount, share }) => (
          <Table.Tr key={reason}>
            <Table.Td>{reason}</Table.Td>
            <Table.Td className="numeric">{amount}</Table.Td>
            <Table.Td className="numeric">{share}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
