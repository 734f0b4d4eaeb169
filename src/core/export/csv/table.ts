import { stringify } from 'csv-stringify/sync'
import { inPieces } from '../in-pieces.js'

/** A column of a table, its unit in its name. What is null is an empty cell, never 0. */
export interface Column<Row> {
  name: string
  of(row: Row): string | number | null
}

const rowsAtOnce = 256

/** A table by RFC 4180, its names first, in pieces. What a spreadsheet would take for a formula is kept from being one. */
export function csvTable<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<string> {
  return inPieces(csvTexts(columns, rows))
}

async function* csvTexts<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<string> {
  let waiting: (string | number | null)[][] = [columns.map(({ name }) => name)]
  for await (const row of rows) {
    waiting.push(columns.map((column) => column.of(row)))
    if (waiting.length < rowsAtOnce) continue
    yield csvText(waiting)
    waiting = []
  }
  yield csvText(waiting)
}

function csvText(rows: (string | number | null)[][]): string {
  return stringify(rows, { record_delimiter: 'windows', quote_record_delimiter: true, escape_formulas: true })
}
