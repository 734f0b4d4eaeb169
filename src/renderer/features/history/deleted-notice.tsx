import { Button } from '@mantine/core'
import { entryTitle } from '../../../shared/results/history-entry.js'
import { errorSentences } from '../../../shared/text/error-sentences.js'
import { Notice } from './notice.js'
import type { Deletion } from './use-deletion.js'

/** Says which run was deleted, and has it back at a press. */
export function DeletedNotice({ deletion: { deleted, error, undo, dismiss } }: { deletion: Deletion }) {
  if (error !== null) {
    return (
      <Notice color="red" onClose={dismiss}>
        {errorSentences(error)}
      </Notice>
    )
  }
  if (deleted === null) return null
  return (
    <Notice
      color="gray"
      onClose={dismiss}
      action={
        // The button that was pressed is gone with its row; the keyboard goes on here.
        <Button key={deleted.runId} size="xs" variant="default" autoFocus onClick={() => void undo()}>
          Undo
        </Button>
      }
    >
      Deleted: {entryTitle(deleted)}. It can be had back for ten minutes.
    </Notice>
  )
}
