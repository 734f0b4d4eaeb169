import { useCallback, useState } from 'react'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import { useHost } from '../../state/dashboard.js'
import { importFile } from '../history/import-file.js'
import { useFileDrop } from '../history/use-file-drop.js'

/**
 * Takes files that are dropped on the page into the history, and opens the run of the last one. What is there already is
 * opened as it is.
 */
export function useOpenedFiles(open: (runId: string) => void) {
  const call = useHost()
  const [errors, setErrors] = useState<ErrorReport[]>([])
  const openAll = useCallback(
    async (files: readonly File[]): Promise<void> => {
      const failed: ErrorReport[] = []
      let opened: string | null = null
      for (const file of files) {
        try {
          opened = (await importFile(call, file, 'open')).runId
        } catch (thrown) {
          failed.push(toErrorReport(thrown))
        }
      }
      setErrors(failed)
      if (opened !== null) open(opened)
    },
    [call, open],
  )
  const drop = useFileDrop((files) => void openAll(files))
  return { ...drop, errors, dismiss: () => setErrors([]) }
}
