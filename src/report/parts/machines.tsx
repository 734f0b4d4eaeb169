import type { FigureTable } from '../../shared/figures/figure-table.js'
import { DataTable } from './data-table.js'

/** What several machines bring, and the figures behind it. */
export function Machines({
  sentences,
  tables,
}: {
  sentences: readonly string[]
  tables: readonly FigureTable[]
}) {
  return (
    <>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {tables.map(({ caption, columns, rows }) => (
        <DataTable
          key={caption}
          caption={caption}
          columns={columns.map((title, index) => ({ title, isNumeric: index > 0 }))}
          rows={rows.map(({ key, cells: [head = '', ...cells] }) => ({ key, head, cells }))}
        />
      ))}
    </>
  )
}
