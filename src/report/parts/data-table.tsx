import type { ReactNode } from 'react'

export interface Column {
  title: string
  /** Figures stand below each other to the digit. */
  isNumeric?: boolean
}

export interface TableRow {
  key: string
  /** What the row is about. */
  head: ReactNode
  /** As many as there are further columns; or one that stands across all of them. */
  cells: readonly ReactNode[] | { across: ReactNode }
  /** Its figures are not to be relied on. */
  isGrey?: boolean
}

export interface DataTableProps {
  /** What it holds, above it. */
  caption: string
  columns: readonly Column[]
  rows: readonly TableRow[]
}

/** A table whose columns and rows have headers. */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, isNumeric }) => (
            <th key={title} scope="col" className={isNumeric ? 'numeric' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, head, cells, isGrey }) => (
          <tr key={key} className={isGrey ? 'grey' : undefined}>
            <th scope="row">{head}</th>
            <Cells cells={cells} columns={columns.slice(1)} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cells({ cells, columns }: { cells: TableRow['cells']; columns: readonly Column[] }) {
  if ('across' in cells) return <td colSpan={columns.length}>{cells.across}</td>
  return columns.map(({ title, isNumeric }, index) => (
    <td key={title} className={isNumeric ? 'numeric' : undefined}>
      {cells[index]}
    </td>
  ))
}

/** Facts below each other: what, and its value. */
export function FactTable({
  caption,
  facts,
}: {
  caption: string
  facts: readonly (readonly [string, string])[]
}) {
  return (
    <table className="facts">
      <caption>{caption}</caption>
      <tbody>
        {facts.map(([what, value]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
