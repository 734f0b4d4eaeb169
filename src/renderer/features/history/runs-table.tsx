import { Badge, Checkbox, Group, Table, Tooltip } from '@mantine/core'
import { IconInfoCircle, IconPinFilled } from '@tabler/icons-react'
import { Link } from 'wouter'
import { strategies, strategyNames } from '../../../shared/domain/strategies.js'
import { capitalised } from '../../../shared/format.js'
import { entryTitle, type HistoryEntry, headlineFigure } from '../../../shared/history-entry.js'
import type { HistoryStatus } from '../../../shared/run-summary.js'
import { runTitle } from '../../../shared/run-title.js'
import { ValidityMark } from '../validity/validity-mark.js'
import styles from './history-screen.module.css'
import { RunActions } from './run-actions.js'
import type { Selection } from './use-selection.js'

const statuses: Record<HistoryStatus, { text: string; color: string }> = {
  running: { text: 'Running', color: 'blue' },
  complete: { text: 'Complete', color: 'teal' },
  failed: { text: 'Failed', color: 'red' },
  cancelled: { text: 'Stopped', color: 'gray' },
  interrupted: { text: 'Interrupted', color: 'yellow' },
}

export interface RunsTableProps {
  runs: readonly HistoryEntry[]
  selection: Selection
  onLabel(run: HistoryEntry): void
  onDelete(run: HistoryEntry): void
}

export function RunsTable({ runs, ...rest }: RunsTableProps) {
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table
        verticalSpacing="xs"
        highlightOnHover
        highlightOnHoverColor="var(--card)"
        fz="sm"
        aria-label="Runs"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36}>
              <span className={styles.unseen}>Selected</span>
            </Table.Th>
            <Table.Th>Run</Table.Th>
            <Table.Th>Machine</Table.Th>
            <Table.Th>State</Table.Th>
            {strategyNames.map((strategy) => (
              <Table.Th key={strategy} className="numeric">
                {strategies[strategy].title}
              </Table.Th>
            ))}
            <Table.Th className="numeric">Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Row key={run.runId} run={run} {...rest} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ run, selection, onLabel, onDelete }: { run: HistoryEntry } & Omit<RunsTableProps, 'runs'>) {
  const { runId, status, validity, hostName, imported, remark } = run
  const isSelected = selection.has(runId)
  return (
    <Table.Tr data-selected={isSelected} className={styles.row ?? ''}>
      <Table.Td>
        <Checkbox
          size="xs"
          aria-label={`Select ${entryTitle(run)}, run ${runId}`}
          checked={isSelected}
          disabled={!isSelected && selection.isFull}
          onChange={() => selection.toggle(run)}
        />
      </Table.Td>
      <Table.Td className={styles.run}>
        <RunName run={run} />
      </Table.Td>
      <Table.Td className={styles.machine}>
        {hostName}
        {imported !== null && <div title={`From ${imported.fileName}`}>imported</div>}
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <Badge color={statuses[status].color} variant="dot" tt="none" className={styles.badge ?? ''}>
            {statuses[status].text}
          </Badge>
          {validity !== null && status !== 'running' && (
            <ValidityMark badge={validity.badge} words={`Figures: ${validity.headline}`} />
          )}
          {remark !== null && (
            <Tooltip label={capitalised(remark)} events={{ hover: true, focus: true, touch: true }}>
              <IconInfoCircle size={16} role="img" aria-label={capitalised(remark)} tabIndex={0} />
            </Tooltip>
          )}
        </Group>
      </Table.Td>
      {strategyNames.map((strategy) => (
        <Table.Td
          key={strategy}
          className="numeric"
          {...(validity?.badge === 'unreliable' && { c: 'dimmed' })}
        >
          {headlineFigure(run, strategy)}
        </Table.Td>
      ))}
      <Table.Td>
        <RunActions run={run} onLabel={onLabel} onDelete={onDelete} />
      </Table.Td>
    </Table.Tr>
  )
}

/** Its name, or what it is; when it was; and the first of what was noted. */
function RunName({ run }: { run: HistoryEntry }) {
  const { runId, startedAt, label, isBaseline } = run
  const when = new Date(startedAt).toLocaleString()
  return (
    <>
      <div className={styles.name}>
        <Link href={`/results/${runId}`} className={styles.link} aria-label={`${entryTitle(run)}, ${when}`}>
          {entryTitle(run)}
        </Link>
        {isBaseline && (
          <Badge
            size="sm"
            variant="light"
            tt="none"
            className={styles.badge ?? ''}
            leftSection={<IconPinFilled size={10} />}
          >
            Baseline
          </Badge>
        )}
      </div>
      <div className={styles.faint}>
        {when}
        {label.name !== null && `, ${runTitle(run)}`}
      </div>
      {label.notes !== '' && (
        <div className={styles.notes} title={label.notes}>
          {label.notes}
        </div>
      )}
    </>
  )
}
