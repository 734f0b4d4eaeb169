import { Table } from '@mantine/core'
import { describeDevices } from '../../../shared/comparison-text.js'
import { engineText } from '../../../shared/domain/engines.js'
import { isBase } from '../../../shared/domain/measurement-ids.js'
import {
  formatBytes,
  formatCount,
  formatImagesPerSecond,
  formatPercent,
  formatSeconds,
  formatSpeedup,
  notAvailable,
} from '../../../shared/format.js'
import { hasInterval } from '../../../shared/statistics/speedup-estimate.js'
import type { StrategyResult } from '../../../shared/strategy-results.js'
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
        <Table verticalSpacing="xs" fz="sm" aria-labelledby="summary-title">
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
            {results.map((result) => (
              <Row key={result.id} result={result} isUnreliable={unreliable.has(result.id)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}

function Row({ result, isUnreliable }: { result: StrategyResult; isUnreliable: boolean }) {
  const { title, imagesPerSecond, skipReason, status, error } = result
  if (imagesPerSecond === null) {
    return (
      <Table.Tr className={styles.missing}>
        <Table.Td>{title}</Table.Td>
        <Table.Td colSpan={10}>
          {notAvailable}: {skipReason ?? error?.message ?? status}
        </Table.Td>
      </Table.Tr>
    )
  }
  const { globalBatchSize, meanEpochSeconds, speedup, efficiency } = result
  const warmUpMs = (result.traceMs ?? 0) + (result.firstStepMs ?? 0)
  return (
    <Table.Tr className={isUnreliable ? styles.missing : undefined}>
      <Table.Td>
        {title} {isUnreliable && <Unreliable />}
      </Table.Td>
      <Table.Td>{describeDevices(result)}</Table.Td>
      <Table.Td>{engineText(result) ?? notAvailable}</Table.Td>
      <Table.Td className="numeric">{formatCount(globalBatchSize)}</Table.Td>
      <Table.Td className="numeric">{formatSeconds(meanEpochSeconds)}</Table.Td>
      <Table.Td className="numeric">{formatImagesPerSecond(imagesPerSecond)}</Table.Td>
      <Table.Td className="numeric">{isBase(result) ? 'base' : formatSpeedup(speedup)}</Table.Td>
      <Table.Td className="numeric">{formatInterval(result)}</Table.Td>
      <Table.Td className="numeric">{formatPercent(efficiency)}</Table.Td>
      <Table.Td className="numeric">{formatSeconds(warmUpMs / 1000)}</Table.Td>
      <Table.Td className="numeric">{formatBytes(result.peakMemoryBytes)}</Table.Td>
    </Table.Tr>
  )
}

function Unreliable() {
  return <ValidityMark badge="unreliable" words={badgeTitles.unreliable} />
}

/** `1.66 to 1.76`; N/A for the base and for one repeat. */
function formatInterval({ answer }: StrategyResult): string {
  if (answer?.comparison.kind !== 'compared') return notAvailable
  const { estimate } = answer.comparison
  return hasInterval(estimate) ? `${estimate.low.toFixed(2)} to ${estimate.high.toFixed(2)}` : notAvailable
}
