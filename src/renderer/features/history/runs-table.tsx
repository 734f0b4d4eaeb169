import { ActionIcon, Badge, Group, Table, Tooltip } from '@mantine/core'
import { IconPresentation, IconTrash } from '@tabler/icons-react'
import { Link } from 'wouter'
import { formatImagesPerSecond, formatSpeedup } from '../../../shared/format.js'
import type { HistoryStatus, RunSummary } from '../../../shared/run-summary.js'
import { runTitle } from '../../../shared/run-title.js'
import { ValidityMark } from '../validity/validity-mark.js'
import styles from './history-screen.module.css'

const statuses: Record<HistoryStatus, { text: string; color: string }> = {
  running: { text: 'Running', color: 'blue' },
  complete: { text: 'Complete', color: 'teal' },
  failed: { text: 'Failed', color: 'red' },
  cancelled: { text: 'Stopped', color: 'gray' },
  interrupted: { text: 'Interrupted', color: 'yellow' },
}

export function RunsTable({
  runs,
  onDelete,
}: {
  runs: readonly RunSummary[]
  onDelete(runId: string): void
}) {
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table verticalSpacing="xs" highlightOnHover fz="sm" aria-label="Runs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Started</Table.Th>
            <Table.Th>Benchmark</Table.Th>
            <Table.Th>Machine</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th className="numeric">Single</Table.Th>
            <Table.Th className="numeric">DP</Table.Th>
            <Table.Th className="numeric">DDP</Table.Th>
            <Table.Th className="numeric">Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Row key={run.runId} run={run} onDelete={onDelete} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ run, onDelete }: { run: RunSummary; onDelete(runId: string): void }) {
  const { runId, startedAt, status, validity, measurements, hostName } = run
  const find = (id: string) => measurements.find((measurement) => measurement.id === id)
  const title = runTitle(run)
  return (
    <Table.Tr>
      <Table.Td>
        <Link href={`/results/${runId}`} className={styles.link}>
          {new Date(startedAt).toLocaleString()}
        </Link>
      </Table.Td>
      <Table.Td>{title}</Table.Td>
      <Table.Td className={styles.faint}>{hostName}</Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <Badge color={statuses[status].color} variant="dot" tt="none">
            {statuses[status].text}
          </Badge>
          {validity !== null && status !== 'running' && (
            <ValidityMark badge={validity.badge} words={`Figures: ${validity.headline}`} />
          )}
        </Group>
      </Table.Td>
      <Table.Td className="numeric">
        {formatImagesPerSecond(find('single')?.imagesPerSecond ?? null)}
      </Table.Td>
      <Table.Td className="numeric">{formatSpeedup(find('dp')?.speedup ?? null)}</Table.Td>
      <Table.Td className="numeric">{formatSpeedup(find('ddp')?.speedup ?? null)}</Table.Td>
      <Table.Td>
        <div className={styles.actions}>
          <Tooltip label="Play it again">
            <ActionIcon
              variant="subtle"
              component={Link}
              href={`/present/${runId}`}
              aria-label={`Play run ${runId} again`}
            >
              <IconPresentation size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={status === 'running' ? 'It is under way' : 'Delete'}>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`Delete run ${runId}`}
              disabled={status === 'running'}
              onClick={() => onDelete(runId)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </div>
      </Table.Td>
    </Table.Tr>
  )
}
