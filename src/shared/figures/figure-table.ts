/** Figures as every view shows them, a table each: the first cell names the row, the others are numbers with their units. */
export interface FigureTable {
  caption: string
  columns: readonly string[]
  rows: { key: string; cells: string[] }[]
}
