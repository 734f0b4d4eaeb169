import { Table } from '@mantine/core'
import { notAvailable } from '../../shared/text/format.js'
import type { PlotLook } from './canvas-plot.js'
import { joinLines, type StreamLine } from './stream-data.js'

const mostRows = 40

export interface LinesTableProps {
  caption: string
  unit: string
  xTitle: string
  lines: readonly StreamLine[]
  look: Pick<PlotLook, 'formatX' | 'formatY'>
}

/** The lines of a chart as numbers, thinned to some rows. */
export function LinesTable({ caption, unit, xTitle, lines, look }: LinesTableProps) {
  const joined = joinLines(lines.map(({ x, y }) => ({ x, values: y })))
  const every = Math.max(1, Math.ceil(joined.x.length / mostRows))
  const rows = joined.x.flatMap((x, index) => (index % every === 0 ? [{ x, index }] : []))
  return (
    <Table stickyHeader verticalSpacing={2} fz="xs" aria-label={`${caption}: ${unit}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th className="numeric">{xTitle}</Table.Th>
          {lines.map(({ key, title }) => (
            <Table.Th key={key} className="numeric">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ x, index }) => (
          <Table.Tr key={x}>
            <Table.Td className="numeric">{look.formatX(x)}</Table.Td>
            {lines.map(({ key }, column) => {
              const value = joined.columns[column]?.[index]
              return (
                <Table.Td key={key} className="numeric">
                  {value == null ? notAvailable : look.formatY(value)}
                </Table.Td>
              )
            })}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
