import { Table } from '@mantine/core'
import { Fragment } from 'react'
import type { EpochRecord } from '../../../shared/child/trainer-protocol.js'
import { epochRows, epochTexts } from '../../../shared/results/epoch-rows.js'
import type { StrategyResult } from '../../../shared/results/strategy-results.js'
import styles from './tables.module.css'

/** Time, loss and accuracy of each epoch, a column a strategy; each repeat's by itself. */
export function EpochsTable({ results }: { results: readonly StrategyResult[] }) {
  const measured = results.filter(({ repeats }) => repeats.some(({ epochs }) => epochs.length > 0))
  const rows = epochRows(measured)
  if (rows.length === 0) return null
  const isRepeated = rows.some(({ block }) => block > 0)
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
              <Table.Th rowSpan={2}>{isRepeated ? 'Block, epoch' : 'Epoch'}</Table.Th>
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
            {rows.map(({ block, epoch }) => (
              <Table.Tr key={`${block} ${epoch}`}>
                <Table.Td>{isRepeated ? `${block + 1}, ${epoch + 1}` : epoch + 1}</Table.Td>
                {measured.map(({ id, repeats }) => (
                  <EpochCells
                    key={id}
                    epoch={repeats.find((repeat) => repeat.block === block)?.epochs[epoch]}
                    evaluated={evaluated}
                  />
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
  const { seconds, loss, accuracy } = epochTexts(epoch)
  return (
    <>
      <Table.Td className="numeric">{seconds}</Table.Td>
      <Table.Td className="numeric">{loss}</Table.Td>
      {evaluated && <Table.Td className="numeric">{accuracy}</Table.Td>}
    </>
  )
}
