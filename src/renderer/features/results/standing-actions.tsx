import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconArrowsDiff, IconPencil, IconPin, IconPinnedOff } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { entryTitle } from '../../../shared/results/history-entry.js'
import { useCommand } from '../../state/use-command.js'
import type { RunEntry } from '../../state/use-run-entry.js'
import { pathOf } from '../compare/compare-path.js'
import { LabelDialog } from '../history/label-dialog.js'

/** What can be done with a run that the history keeps: named, pinned, and held against the baseline. */
export function StandingActions({ entry: { entry, baseline } }: { entry: RunEntry }) {
  const { runId, isBaseline, status } = entry
  const pin = useCommand('pinBaseline')
  const [isLabelling, setLabelling] = useState(false)
  const pinLabel = isBaseline ? 'No longer the baseline' : 'Make it the baseline'
  return (
    <>
      <Tooltip label="Name and notes">
        <ActionIcon
          variant="default"
          size={36}
          aria-label="Name and notes"
          onClick={() => setLabelling(true)}
        >
          <IconPencil size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={pin.error === null ? pinLabel : pin.error.message}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={pinLabel}
          disabled={status === 'running'}
          onClick={() => void pin.run({ runId: isBaseline ? null : runId })}
        >
          {isBaseline ? <IconPinnedOff size={16} /> : <IconPin size={16} />}
        </ActionIcon>
      </Tooltip>
      {baseline !== null && !isBaseline && (
        <Button
          variant="default"
          leftSection={<IconArrowsDiff size={16} />}
          component={Link}
          href={pathOf([baseline.runId, runId])}
          title={entryTitle(baseline)}
        >
          Against the baseline
        </Button>
      )}
      <LabelDialog run={isLabelling ? entry : null} onClose={() => setLabelling(false)} />
    </>
  )
}
