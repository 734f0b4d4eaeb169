import { type AllReduceRow, allReduceCells, allReduceColumns } from '../../shared/analysis/all-reduce-rows.js'
import { DataTable } from './data-table.js'

/** What several machines bring, and what their all-reduce reaches by itself. */
export function Machines({
  sentences,
  allReduces,
}: {
  sentences: readonly string[]
  allReduces: readonly AllReduceRow[]
}) {
  return (
    <>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {allReduces.length > 0 && (
        <DataTable
          caption="All-reduces by themselves, by size"
          columns={allReduceColumns.map((title, index) => ({ title, isNumeric: index > 0 }))}
          rows={allReduces.map((row) => {
            const [head = '', ...cells] = allReduceCells(row)
            return { key: row.key, head, cells }
          })}
        />
      )}
    </>
  )
}
