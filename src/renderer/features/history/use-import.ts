import { useCallback, useState } from 'react'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import { useHost } from '../../state/dashboard.js'
import { importFile } from './import-file.js'

export interface Imports {
  isRunning: boolean
  /** Of the latest import. */
  imported: { fileName: string; runId: string }[]
  errors: ErrorReport[]
  importFiles(files: File[]): void
  dismiss(): void
}

const nothing = { imported: [], errors: [] } as const satisfies Partial<Imports>

/** Brings bundles and `results.json` files into the history, one after another; what is wrong with one does not keep the others. */
export function useImport(): Imports {
  const call = useHost()
  const [isRunning, setRunning] = useState(false)
  const [outcome, setOutcome] = useState<Pick<Imports, 'imported' | 'errors'>>({ ...nothing })
  const importAll = useCallback(
    async (files: readonly File[]): Promise<void> => {
      setRunning(true)
      setOutcome({ ...nothing })
      for (const file of files) {
        try {
          const { runId } = await importFile(call, file)
          setOutcome(({ imported, errors }) => ({
            imported: [...imported, { fileName: file.name, runId }],
            errors,
          }))
        } catch (thrown) {
          setOutcome(({ imported, errors }) => ({ imported, errors: [...errors, toErrorReport(thrown)] }))
        }
      }
      setRunning(false)
    },
    [call],
  )
  const importFiles = useCallback((files: File[]) => void importAll(files), [importAll])
  const dismiss = useCallback(() => setOutcome({ ...nothing }), [])
  return { isRunning, ...outcome, importFiles, dismiss }
}
