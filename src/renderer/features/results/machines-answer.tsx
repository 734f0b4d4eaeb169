import { Table } from '@mantine/core'
import { useId } from 'react'
import type { FigureTable } from '../../../shared/figures/figure-table.js'
import styles from './tables.module.css'

/** What several machines bring, and whether it is the network; nothing for a run on one machine. */
export function MachinesAnswer({
  sentences,
  tables,
}: {
  sentences: readonly string[]
  tables: readonly FigureTable[]
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
      {tables.map((table) => (
        <Figures key={table.caption} table={table} />
      ))}
    </section>
  )
}

function Figures({ table: { caption, columns, rows } }: { table: FigureTable }) {
  const titleId = useId()
  return (
    <>
      <h3 id={titleId} className={styles.caption}>
        {caption}
      </h3>
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={3} fz="sm" aria-labelledby={titleId}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((title, index) => (
                <Table.Th key={title} className={index > 0 ? 'numeric' : undefined}>
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ key, cells }) => (
              <Table.Tr key={key}>
                {cells.map((cell, index) => (
                  <Table.Td key={columns[index]} className={index > 0 ? 'numeric' : undefined}>
                    {cell}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}
