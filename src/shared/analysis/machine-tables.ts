import type { FigureTable } from '../figures/figure-table.js'
import type { Measurement } from '../results/results.js'
import { allReduceCells, allReduceColumns, allReduceRows } from './all-reduce-rows.js'
import { bucketTables } from './bucket-rows.js'

/** All-reduces by themselves, by group and size, then the gradient buckets of each group; none on one machine. */
export function machineTables(measurements: readonly Measurement[]): FigureTable[] {
  const allReduces = allReduceRows(measurements).map((row) => ({ key: row.key, cells: allReduceCells(row) }))
  return [
    ...(allReduces.length === 0
      ? []
      : [{ caption: 'All-reduces by themselves, by size', columns: allReduceColumns, rows: allReduces }]),
    ...bucketTables(measurements),
  ]
}
