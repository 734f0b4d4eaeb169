import { Table } from '@mantine/core'
import { describeDevices } from '../../../shared/comparison-text.js'
import {
  formatBytes,
  formatCount,
  formatImagesPerSecond,
  formatPercent,
  formatSeconds,
  formatSpeedup,
  notAvailable,
} from '../../../shared/format.js'
import type { MeasurementSummary } from '../../../shared/results.js'
import styles from './tables.module.css'

/** Every figure of every strategy; what was not measured is N/A, with its reason. */
export function SummaryTable({ measurements }: { measurements: readonly MeasurementSummary[] }) {
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
              <Table.Th className="numeric">Efficiency</Table.Th>
              <Table.Th className="numeric">Warm-up</Table.Th>
              <Table.Th className="numeric">Peak memory</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {measurements.map((measurement) => (
              <Row key={measurement.id} measurement={measurement} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}

function Row({ measurement }: { measurement: MeasurementSummary }) {
  const { title, imagesPerSecond, skipReason, status, error } = measurement
  if (imagesPerSecond === null) {
    return (
      <Table.Tr className={styles.missing}>
        <Table.Td>{title}</Table.Td>
        <Table.Td colSpan={9}>
          {notAvailable}: {skipReason ?? error?.message ?? status}
        </Table.Td>
      </Table.Tr>
    )
  }
  const { id, backend, backendVersion, globalBatchSize, meanEpochSeconds, speedup, efficiency } = measurement
  const warmUpMs = (measurement.traceMs ?? 0) + (measurement.firstStepMs ?? 0)
  return (
    <Table.Tr>
      <Table.Td>{title}</Table.Td>
      <Table.Td>{describeDevices(measurement)}</Table.Td>
      <Table.Td>
        {backend === 'wasm' ? 'WebAssembly' : 'TensorFlow'} {backendVersion}
      </Table.Td>
      <Table.Td className="numeric">{formatCount(globalBatchSize)}</Table.Td>
      <Table.Td className="numeric">{formatSeconds(meanEpochSeconds)}</Table.Td>
      <Table.Td className="numeric">{formatImagesPerSecond(imagesPerSecond)}</Table.Td>
      <Table.Td className="numeric">{id === 'single' ? 'base' : formatSpeedup(speedup)}</Table.Td>
      <Table.Td className="numeric">{formatPercent(efficiency)}</Table.Td>
      <Table.Td className="numeric">{formatSeconds(warmUpMs / 1000)}</Table.Td>
      <Table.Td className="numeric">{formatBytes(measurement.peakMemoryBytes)}</Table.Td>
    </Table.Tr>
  )
}
