import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPencil, IconPin, IconPinnedOff, IconPresentation, IconTrash } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { HistoryEntry } from '../../../shared/results/history-entry.js'
import { useCommand } from '../../state/use-command.js'
import styles from './history-screen.module.css'

interface RunActionsProps {
  run: HistoryEntry
  onLabel(run: HistoryEntry): void
  onDelete(run: HistoryEntry): void
}

/** What can be done with one run of the list: one that ships with Tandem can only be played. */
export function RunActions({ run, onLabel, onDelete }: RunActionsProps) {
  const { runId, isExample } = run
  return (
    <div className={styles.actions}>
      {isExample !== true && (
        <Tooltip label="Name and notes">
          <ActionIcon variant="subtle" aria-label={`Name run ${runId}`} onClick={() => onLabel(run)}>
            <IconPencil size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      {isExample !== true && <PinAction run={run} />}
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
      {isExample === true ? (
        // The same place under the same column, whatever the row.
        <span className={styles.noAction} />
      ) : (
        <DeleteAction run={run} onDelete={onDelete} />
      )}
    </div>
  )
}

function PinAction({ run: { runId, status, isBaseline } }: { run: HistoryEntry }) {
  const pin = useCommand('pinBaseline')
  const isRunning = status === 'running'
  const label = isBaseline ? 'No longer the baseline' : 'Make it the baseline'
  return (
    <Tooltip label={isRunning ? 'It is under way' : label}>
      <ActionIcon
        variant="subtle"
        aria-label={isBaseline ? `Unpin run ${runId}` : `Pin run ${runId} as the baseline`}
        disabled={isRunning}
        onClick={() => void pin.run({ runId: isBaseline ? null : runId })}
      >
        {isBaseline ? <IconPinnedOff size={16} /> : <IconPin size={16} />}
      </ActionIcon>
    </Tooltip>
  )
}

function DeleteAction({ run, onDelete }: Pick<RunActionsProps, 'run' | 'onDelete'>) {
  const isRunning = run.status === 'running'
  return (
    <Tooltip label={isRunning ? 'It is under way' : 'Delete'}>
      <ActionIcon
        variant="subtle"
        color="red"
        aria-label={`Delete run ${run.runId}`}
        disabled={isRunning}
        onClick={() => onDelete(run)}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  )
}
