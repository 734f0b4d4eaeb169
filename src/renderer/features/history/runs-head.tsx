import { NativeSelect, Table } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { RunList } from '../../../shared/contract/commands.js'
import { type HistoryColumnId, historyColumnIds, historyColumns } from '../../../shared/history-columns.js'
import styles from './runs-table.module.css'
import type { Arrangement } from './use-arrangement.js'

interface RunsHeadProps {
  arrangement: Arrangement
  choices: RunList['choices']
  showsFilters: boolean
}

/** The columns: each sorts, and below it most can be filtered by. */
export function RunsHead({ arrangement, choices, showsFilters }: RunsHeadProps) {
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th w={36}>
          <span className={styles.unseen}>Selected</span>
        </Table.Th>
        {historyColumnIds.map((id) => (
          <ColumnHead key={id} id={id} arrangement={arrangement} />
        ))}
        <Table.Th className="numeric">Actions</Table.Th>
      </Table.Tr>
      {showsFilters && (
        <Table.Tr>
          <Table.Td />
          {historyColumnIds.map((id) => (
            <Table.Td key={id} className={id === 'machine' ? styles.roomy : styles.filter}>
              <ColumnFilter id={id} texts={choices[id]} arrangement={arrangement} />
            </Table.Td>
          ))}
          <Table.Td />
        </Table.Tr>
      )}
    </Table.Thead>
  )
}

function ColumnHead({ id, arrangement }: { id: HistoryColumnId; arrangement: Arrangement }) {
  const { title, unit, isNumeric } = historyColumns[id]
  const { sort } = arrangement
  const isSorted = sort?.column === id
  const direction = sort?.isDescending === true ? 'descending' : 'ascending'
  const Arrow = direction === 'descending' ? IconArrowDown : IconArrowUp
  return (
    <Table.Th
      aria-sort={isSorted ? direction : undefined}
      className={id === 'machine' ? styles.roomy : isNumeric ? 'numeric' : undefined}
      scope="col"
    >
      <button type="button" className={styles.sort} onClick={() => arrangement.sortBy(id)}>
        {title}
        <span className={styles.arrow} aria-hidden="true">
          {isSorted && <Arrow size={12} />}
        </span>
      </button>
      {unit !== undefined && <div className={styles.unit}>{unit}</div>}
    </Table.Th>
  )
}

function ColumnFilter({
  id,
  texts = [],
  arrangement,
}: {
  id: HistoryColumnId
  texts: readonly string[] | undefined
  arrangement: Arrangement
}) {
  const chosen = arrangement.filters?.[id]
  if (texts.length === 0) return null
  // One that no run has any more can still be taken away.
  const all = chosen === undefined || texts.includes(chosen) ? texts : [chosen, ...texts]
  return (
    <NativeSelect
      size="xs"
      aria-label={`Filter by ${historyColumns[id].title.toLowerCase()}`}
      value={chosen ?? ''}
      onChange={({ currentTarget: { value } }) => arrangement.filterBy(id, value === '' ? undefined : value)}
      data={[{ value: '', label: 'All' }, ...all.map((text) => ({ value: text, label: text }))]}
    />
  )
}
