import { useCallback, useState } from 'react'
import { largestImportBytes } from '../../../shared/contract/commands.js'
import { type ErrorReport, TandemError, toErrorReport } from '../../../shared/errors.js'
import { formatBytes } from '../../../shared/format.js'
import { useHost } from '../../state/dashboard.js'

export interface Imports {
  isRunning: boolean
  /** Of the latest import. */
  imported: { fileName: string; runId: string }[]
  errors: ErrorReport[]
  importFiles(files: File[]): void
  dismiss(): void
}

const nothing = { imported: [], errors: [] } as const satisfies Partial<Imports>

/** Brings `results.json` files into the history, one after another; what is wrong with one does not keep the others. */
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
          const { runId } = await call('importRun', { fileName: file.name, text: await readText(file) })
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

/** Throws for a file that would not fit into one message, escaped as it travels. */
async function readText(file: File): Promise<string> {
  const fits = (bytes: number): boolean => bytes < largestImportBytes - 10_000
  const text = fits(file.size) ? await file.text() : null
  if (text !== null && fits(new Blob([JSON.stringify(text)]).size)) return text
  throw new TandemError({
    code: 'import-too-large',
    message: `${file.name} has ${formatBytes(file.size)}, more than fits through the page`,
    hint: 'Import it in a terminal: tandem history import FILE',
  })
}
