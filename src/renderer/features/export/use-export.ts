import { useCallback, useState } from 'react'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import type { ExportFormatId } from '../../../shared/export/export-formats.js'
import type { Paper } from '../../../shared/report/paper.js'
import { useHost } from '../../state/dashboard.js'
import { saveFile } from './save-file.js'

export type ExportState =
  | { kind: 'idle' }
  | { kind: 'making'; format: ExportFormatId }
  | { kind: 'saved'; fileName: string; notes: readonly string[] }
  /** `instead` is a file that was saved in place of the one asked for. */
  | { kind: 'failed'; error: ErrorReport; instead: string | null }

/** Asks the host for the run in a format, and saves what comes. A PDF that cannot be printed comes as HTML instead. */
export function useExport(runId: string, withoutNames: boolean) {
  const call = useHost()
  const [state, setState] = useState<ExportState>({ kind: 'idle' })

  const save = useCallback(
    async (format: ExportFormatId, paper: Paper): Promise<void> => {
      const fetchAndSave = async (wanted: ExportFormatId) => {
        const { fileName, mediaType, base64, notes } = await call('exportRun', {
          runId,
          format: wanted,
          paper,
          withoutNames,
        })
        saveFile(fileName, new Blob([bytesOf(base64)], { type: mediaType }))
        return { fileName, notes }
      }
      setState({ kind: 'making', format })
      try {
        setState({ kind: 'saved', ...(await fetchAndSave(format)) })
      } catch (thrown) {
        const error = toErrorReport(thrown)
        const instead = format === 'pdf' ? await fetchAndSave('html').catch(() => null) : null
        setState({ kind: 'failed', error, instead: instead?.fileName ?? null })
      }
    },
    [call, runId, withoutNames],
  )
  return { state, save }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
