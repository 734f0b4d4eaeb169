import { Badge, Checkbox, Group, Table, Tooltip } from '@mantine/core'
import { IconInfoCircle, IconPinFilled } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { RunList } from '../../../shared/contract/commands.js'
import { type Strategy, strategyNames } from '../../../shared/domain/strategies.js'
import { historyColumns, statusTitles } from '../../../shared/history-columns.js'
import {
  entryTitle,
  type HistoryEntry,
  headlineFigure,
  headlineInterval,
} from '../../../shared/results/history-entry.js'
import type { HistoryStatus } from '../../../shared/run/run-summary.js'
import { runTitle } from '../../../shared/run/run-title.js'
import { capitalised } from '../../../shared/text/format.js'
import { shortBadgeTitles } from '../../../shared/validity/validity-text.js'
import { ValidityMark } from '../validity/validity-mark.js'
import { RunActions } from './run-actions.js'
import { RunsHead } from './runs-head.js'
import styles from './runs-table.module.css'
import type { Arrangement } from './use-arrangement.js'
import type { Selection } from './use-selection.js'

const statusColours: Record<HistoryStatus, string> = {
  running: 'blue',
  complete: 'teal',
  failed: 'red',
  cancelled: 'gray',
  interrupted: 'yellow',
}

/** What tells runs of the same benchmark apart. */
const measured = ['batch', 'devices', 'repeats'] as const

export interface RunsTableProps {
  list: RunList
  arrangement: Arrangement
  showsFilters: boolean
  selection: Selection
  onLabel(run: HistoryEntry): void
  onDelete(run: HistoryEntry): void
}

export function RunsTable({ list, arrangement, showsFilters, ...rest }: RunsTableProps) {
  return (
    <Table.ScrollContainer minWidth={960}>
      <Table
        verticalSpacing="xs"
        horizontalSpacing={8}
        highlightOnHover
        highlightOnHoverColor="var(--card)"
        fz="sm"
        aria-label="Runs"
      >
        <RunsHead arrangement={arrangement} choices={list.choices} showsFilters={showsFilters} />
        <Table.Tbody>
          {list.runs.map((run) => (
            <Row key={run.runId} run={run} {...rest} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

type RowProps = { run: HistoryEntry } & Pick<RunsTableProps, 'selection' | 'onLabel' | 'onDelete'>

function Row({ run, selection, onLabel, onDelete }: RowProps) {
  const { runId, hostName, imported } = run
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
      <Table.Td className={`${styles.machine} ${styles.roomy}`}>
        <div className={styles.cut} title={hostName}>
          {hostName}
        </div>
        {imported !== null && <div title={`From ${imported.fileName}`}>imported</div>}
      </Table.Td>
      <Table.Td>
        <State run={run} />
      </Table.Td>
      <Table.Td>
        <Figures run={run} />
      </Table.Td>
      {measured.map((id) => (
        <Table.Td key={id} className="numeric">
          {historyColumns[id].text(run)}
        </Table.Td>
      ))}
      {strategyNames.map((strategy) => (
        <Figure key={strategy} run={run} strategy={strategy} />
      ))}
      <Table.Td>
        <RunActions run={run} onLabel={onLabel} onDelete={onDelete} />
      </Table.Td>
    </Table.Tr>
  )
}

function State({ run: { status, remark } }: { run: HistoryEntry }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Badge color={statusColours[status]} variant="dot" tt="none" className={styles.badge ?? ''}>
        {statusTitles[status]}
      </Badge>
      {remark !== null && (
        <Tooltip label={capitalised(remark)} events={{ hover: true, focus: true, touch: true }}>
          <IconInfoCircle size={16} role="img" aria-label={capitalised(remark)} tabIndex={0} />
        </Tooltip>
      )}
    </Group>
  )
}

/** How far the run's figures can be relied on, in words. */
function Figures({ run: { status, validity } }: { run: HistoryEntry }) {
  if (validity === null || status === 'running') return null
  return (
    <Group gap={6} wrap="nowrap">
      <ValidityMark badge={validity.badge} words={`Figures: ${validity.headline}`} />
      {/* The sign has said it. */}
      <span aria-hidden="true" className={styles.words}>
        {shortBadgeTitles[validity.badge]}
      </span>
    </Group>
  )
}

/** Images/s of the base; of the others the speedup with its interval. */
function Figure({ run, strategy }: { run: HistoryEntry; strategy: Strategy }) {
  const interval = headlineInterval(run, strategy)
  const isUnreliable = run.validity?.badge === 'unreliable'
  return (
    <Table.Td className="numeric" {...(isUnreliable && { c: 'dimmed' })}>
      <div className={styles.figure}>{headlineFigure(run, strategy, { hasUnit: false })}</div>
      {interval !== null && <div className={styles.interval}>{interval}</div>}
    </Table.Td>
  )
}

/** Its name, or what it is; when it was; and the first of what was noted. */
function RunName({ run }: { run: HistoryEntry }) {
  const { runId, startedAt, label, isBaseline, isExample, hostName } = run
  const when = new Date(startedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
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
        {isExample === true && (
          <Badge size="sm" variant="light" color="gray" tt="none" className={styles.badge ?? ''}>
            Example
          </Badge>
        )}
      </div>
      <div className={styles.faint}>
        {when}
        <span className={styles.host}> on {hostName}</span>
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
