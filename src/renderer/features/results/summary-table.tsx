import { Table } from '@mantine/core'
import { type StrategyRow, strategyRows } from '../../../shared/figures/strategy-row.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import { notAvailable } from '../../../shared/text/format.js'
import { badgeTitles } from '../../../shared/validity/validity-text.js'
import { ValidityMark } from '../validity/validity-mark.js'
import styles from './tables.module.css'

/** Every figure of every strategy; what was not measured is N/A, with its reason. */
export function SummaryTable({
  results,
  unreliable,
}: {
  results: readonly StrategyResult[]
  unreliable: ReadonlySet<string>
}) {
  return (
    <section className={styles.card} aria-labelledby="summary-title">
      <h2 id="summary-title" className={styles.title}>
        All figures
      </h2>
      <Table.ScrollContainer minWidth={900}>
        <Table verticalSpacing="xs" horizontalSpacing={8} fz="sm" aria-labelledby="summary-title">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Strategy</Table.Th>
              <Table.Th>Devices</Table.Th>
              <Table.Th>Engine</Table.Th>
              <Table.Th className="numeric">Global batch</Table.Th>
              <Table.Th className="numeric">Mean epoch</Table.Th>
              <Table.Th className="numeric">Throughput</Table.Th>
              <Table.Th className="numeric">Speedup</Table.Th>
              <Table.Th className="numeric">95 % interval</Table.Th>
              <Table.Th className="numeric">Efficiency</Table.Th>
              <Table.Th className="numeric">Warm-up</Table.Th>
              <Table.Th className="numeric">Peak memory</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {strategyRows(results, unreliable).map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}

function Row({ row }: { row: StrategyRow }) {
  if (row.absence !== null) {
    return (
      <Table.Tr className={styles.missing}>
        <Table.Td>{row.title}</Table.Td>
        <Table.Td colSpan={10}>
          {notAvailable}: {row.absence}
        </Table.Td>
      </Table.Tr>
    )
  }
  return (
    <Table.Tr className={row.isUnreliable ? styles.missing : undefined}>
      <Table.Td>
        {row.title} {row.isUnreliable && <Unreliable />}
      </Table.Td>
      <Table.Td>{row.devices}</Table.Td>
      <Table.Td>{row.engine}</Table.Td>
      <Table.Td className="numeric">{row.globalBatch}</Table.Td>
      <Table.Td className="numeric">{row.meanEpoch}</Table.Td>
      <Table.Td className="numeric">{row.imagesPerSecond}</Table.Td>
      <Table.Td className="numeric">{row.speedup}</Table.Td>
      <Table.Td className="numeric">{row.interval}</Table.Td>
      <Table.Td className="numeric">{row.efficiency}</Table.Td>
      <Table.Td className="numeric">{row.warmUp}</Table.Td>
      <Table.Td className="numeric">{row.peakMemory}</Table.Td>
    </Table.Tr>
  )
}

function Unreliable() {
  return <ValidityMark badge="unreliable" words={badgeTitles.unreliable} />
}
