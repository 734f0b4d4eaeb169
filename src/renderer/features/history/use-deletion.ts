import { useState } from 'react'
import type { ErrorReport } from '../../../shared/errors.js'
import type { HistoryEntry } from '../../../shared/results/history-entry.js'
import { useCommand } from '../../state/use-command.js'

export interface Deletion {
  /** The run that was deleted last, while it can be had back. */
  deleted: HistoryEntry | null
  error: ErrorReport | null
  remove(run: HistoryEntry): Promise<void>
  undo(): Promise<void>
  dismiss(): void
}

/** Deletes without a question, since it can be undone. */
export function useDeletion(onDeleted: (run: HistoryEntry) => void): Deletion {
  const [deleted, setDeleted] = useState<HistoryEntry | null>(null)
  const remove = useCommand('deleteRun')
  const restore = useCommand('restoreRun')
  const dismiss = (): void => {
    setDeleted(null)
    remove.clearError()
    restore.clearError()
  }
  return {
    deleted,
    error: remove.error ?? restore.error,
    async remove(run) {
      dismiss()
      if ((await remove.run({ runId: run.runId })) === null) return
      setDeleted(run)
      onDeleted(run)
    },
    async undo() {
      if (deleted === null) return
      if ((await restore.run({ runId: deleted.runId })) !== null) setDeleted(null)
    },
    dismiss,
  }
}
