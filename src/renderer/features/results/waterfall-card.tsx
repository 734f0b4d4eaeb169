import { SegmentedControl, Table } from '@mantine/core'
import { useState } from 'react'
import type { StrategyWaterfall } from '../../../shared/analysis/step-analysis.js'
import { formatPercent } from '../../../shared/format.js'
import { ChartCard } from '../../charts/chart-card.js'
import styles from './waterfall-card.module.css'

/** From the step that N devices would make without any loss to the one that they made, reason by reason. */
export function WaterfallCard({ waterfalls }: { waterfalls: readonly StrategyWaterfall[] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = waterfalls.find(({ id }) => id === chosen) ?? waterfalls.at(-1)
  if (shown === undefined) return null
  return (
    <ChartCard
      title="Why not N times?"
      unit="ms a step, from the ideal to the measured"
      controls={
        waterfalls.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Strategy of the waterfall"
            value={shown.id}
            onChange={setChosen}
            data={waterfalls.map(({ id, title }) => ({ value: id, label: title }))}
          />
        )
      }
      table={<WaterfallTable shown={shown} />}
    >
      <Bars shown={shown} />
    </ChartCard>
  )
}

interface Row {
  title: string
  fromMs: number
  toMs: number
  kind: 'total' | 'more' | 'less'
}

function rowsOf({ waterfall: { idealMs, measuredMs, bars } }: StrategyWaterfall): Row[] {
  let atMs = idealMs
  const reasons = bars.map(({ title, msPerStep }): Row => {
    const fromMs = atMs
    atMs += msPerStep
    return { title, fromMs, toMs: atMs, kind: msPerStep < 0 ? 'less' : 'more' }
  })
  return [
    { title: 'Ideal: shared without loss', fromMs: 0, toMs: idealMs, kind: 'total' },
    ...reasons,
    { title: 'Measured', fromMs: 0, toMs: measuredMs, kind: 'total' },
  ]
}

function Bars({ shown }: { shown: StrategyWaterfall }) {
  const rows = rowsOf(shown)
  const longestMs = Math.max(...rows.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))
  return (
    <div className={styles.bars} aria-hidden="true">
      {rows.map(({ title, fromMs, toMs, kind }) => (
        <div key={title} className={styles.row}>
          <span className={styles.name} title={title}>
            {title}
          </span>
          <span className={styles.track}>
            <span
              className={styles.bar}
              data-kind={kind}
              style={{
                left: `${(100 * Math.min(fromMs, toMs)) / longestMs}%`,
                width: `${Math.max(0.3, (100 * Math.abs(toMs - fromMs)) / longestMs)}%`,
              }}
            />
          </span>
          <span className={styles.amount}>{amount(kind, fromMs, toMs)}</span>
        </div>
      ))}
    </div>
  )
}

function amount(kind: Row['kind'], fromMs: number, toMs: number): string {
  if (kind === 'total') return toMs.toFixed(1)
  const change = toMs - fromMs
  return `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(1)}`
}

function WaterfallTable({ shown: { title, waterfall } }: { shown: StrategyWaterfall }) {
  const { idealMs, measuredMs, bars } = waterfall
  return (
    <Table verticalSpacing={3} fz="sm" aria-label={`From the ideal to the measured step of ${title}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Reason</Table.Th>
          <Table.Th className="numeric">ms a step</Table.Th>
          <Table.Th className="numeric">of the ideal</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        <Table.Tr>
          <Table.Td>Ideal: shared without loss</Table.Td>
          <Table.Td className="numeric">{idealMs.toFixed(1)}</Table.Td>
          <Table.Td className="numeric">{formatPercent(1)}</Table.Td>
        </Table.Tr>
        {bars.map((bar) => (
          <Table.Tr key={bar.name}>
            <Table.Td>{bar.title}</Table.Td>
            <Table.Td className="numeric">{bar.msPerStep.toFixed(1)}</Table.Td>
            <Table.Td className="numeric">{formatPercent(bar.shareOfIdeal)}</Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr>
          <Table.Td>Measured</Table.Td>
          <Table.Td className="numeric">{measuredMs.toFixed(1)}</Table.Td>
          <Table.Td className="numeric">{formatPercent(measuredMs / idealMs)}</Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  )
}
