import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPencil, IconPin, IconPinnedOff, IconPresentation, IconTrash } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { HistoryEntry } from '../../../shared/history-entry.js'
import { useCommand } from '../../state/use-command.js'
import styles from './history-screen.module.css'

interface RunActionsProps {
  run: HistoryEntry
  onLabel(run: HistoryEntry): void
  onDelete(run: HistoryEntry): void
}

/** What can be done with one run of the list. */
export function RunActions({ run, onLabel, onDelete }: RunActionsProps) {
  const { runId, status, isBaseline, isExample } = run
  const pin = useCommand('pinBaseline')
  const isFixed = status === 'running' || isExample === true
  const whyNot = isExample === true ? 'It ships with Tandem' : status === 'running' ? 'It is under way' : null
  const pinLabel = isBaseline ? 'No longer the baseline' : 'Make it the baseline'
  return (
    <div className={styles.actions}>
      <Tooltip label={isExample === true ? whyNot : 'Name and notes'}>
        <ActionIcon
          variant="subtle"
          aria-label={`Name run ${runId}`}
          disabled={isExample === true}
          onClick={() => onLabel(run)}
        >
          <IconPencil size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={whyNot ?? pinLabel}>
        <ActionIcon
          variant="subtle"
          aria-label={isBaseline ? `Unpin run ${runId}` : `Pin run ${runId} as the baseline`}
          disabled={isFixed}
          onClick={() => void pin.run({ runId: isBaseline ? null : runId })}
        >
          {isBaseline ? <IconPinnedOff size={16} /> : <IconPin size={16} />}
        </ActionIcon>
      </Tooltip>
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
      <Tooltip label={whyNot ?? 'Delete'}>
        <ActionIcon
          variant="subtle"
          color="red"
          aria-label={`Delete run ${runId}`}
          disabled={isFixed}
          onClick={() => onDelete(run)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
