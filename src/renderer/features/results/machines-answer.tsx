import { Table } from '@mantine/core'
import {
  type AllReduceRow,
  allReduceCells,
  allReduceColumns,
} from '../../../shared/analysis/all-reduce-rows.js'
import styles from './tables.module.css'

/** What several machines bring, and whether it is the network; nothing for a run on one machine. */
export function MachinesAnswer({
  sentences,
  allReduces,
}: {
  sentences: readonly string[]
  allReduces: readonly AllReduceRow[]
}) {
  if (sentences.length === 0) return null
  return (
    <section className={styles.card} aria-labelledby="machines-title">
      <h2 id="machines-title" className={styles.title}>
        Is it the network?
      </h2>
      <ul className={styles.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {allReduces.length > 0 && <AllReduces rows={allReduces} />}
    </section>
  )
}

function AllReduces({ rows }: { rows: readonly AllReduceRow[] }) {
  return (
    <Table.ScrollContainer minWidth={420} mt="sm">
      <Table verticalSpacing={3} fz="sm" aria-label="All-reduces by themselves, by size">
        <Table.Thead>
          <Table.Tr>
            {allReduceColumns.map((title, index) => (
              <Table.Th key={title} className={index > 0 ? 'numeric' : undefined}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              {allReduceCells(row).map((cell, index) => (
                <Table.Td key={allReduceColumns[index]} className={index > 0 ? 'numeric' : undefined}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
