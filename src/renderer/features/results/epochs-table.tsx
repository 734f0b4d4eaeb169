import { Table } from '@mantine/core'
import { Fragment } from 'react'
import { formatPercent, formatSeconds, notAvailable } from '../../../shared/format.js'
import type { MeasurementSummary } from '../../../shared/results.js'
import type { EpochRecord } from '../../../shared/trainer-protocol.js'
import styles from './tables.module.css'

/** Time, loss and accuracy of each epoch, a column a strategy. */
export function EpochsTable({ measurements }: { measurements: readonly MeasurementSummary[] }) {
  const measured = measurements.filter(({ epochs }) => epochs.length > 0)
  const count = Math.max(0, ...measured.map(({ epochs }) => epochs.length))
  if (count === 0) return null
  const evaluated = measured.some(({ epochs }) => epochs.some(({ testAccuracy }) => testAccuracy !== null))
  return (
    <section className={styles.card} aria-labelledby="epochs-title">
      <h2 id="epochs-title" className={styles.title}>
        Epochs
      </h2>
      <Table.ScrollContainer minWidth={600}>
        <Table verticalSpacing="xs" fz="sm" aria-labelledby="epochs-title">
          <Table.Thead>
            <Table.Tr>
              <Table.Th rowSpan={2}>Epoch</Table.Th>
              {measured.map(({ id, title }) => (
                <Table.Th key={id} className="numeric" colSpan={evaluated ? 3 : 2}>
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
            <Table.Tr>
              {measured.map(({ id }) => (
                <Fragment key={id}>
                  <Table.Th className="numeric">Time</Table.Th>
                  <Table.Th className="numeric">Loss</Table.Th>
                  {evaluated && <Table.Th className="numeric">Test accuracy</Table.Th>}
                </Fragment>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {Array.from({ length: count }, (_, epoch) => epoch).map((epoch) => (
              <Table.Tr key={epoch}>
                <Table.Td>{epoch + 1}</Table.Td>
                {measured.map(({ id, epochs }) => (
                  <EpochCells key={id} epoch={epochs[epoch]} evaluated={evaluated} />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}

function EpochCells({ epoch, evaluated }: { epoch: EpochRecord | undefined; evaluated: boolean }) {
  return (
    <>
      <Table.Td className="numeric">{formatSeconds(epoch?.seconds ?? null)}</Table.Td>
      <Table.Td className="numeric">{epoch?.loss.toFixed(4) ?? notAvailable}</Table.Td>
      {evaluated && <Table.Td className="numeric">{formatPercent(epoch?.testAccuracy ?? null)}</Table.Td>}
    </>
  )
}
