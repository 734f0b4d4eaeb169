import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { SessionHost } from '../core/host/session.js'
import { parseResults, readResultsText } from '../core/results/results-file.js'
import { largestImportBytes } from '../shared/contract/commands.js'
import { TandemError, toErrorReport } from '../shared/errors.js'
import { formatBytes } from '../shared/format.js'

/**
 * Takes a document into the history, by the same import as the page's, and says which run it is. One that is there
 * already is that run. Throws as `readResultsText` and the command `importRun`, and `document-unknown` for what is no
 * results document by its name.
 */
export async function openDocument(path: string, host: Pick<SessionHost, 'handle'>): Promise<string> {
  if (/\.py$/i.test(path)) throw isScript(path)
  const size = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  if (size > largestImportBytes) throw tooLarge(path, size)
  const text = await readResultsText(path)
  try {
    return (await host.handle('importRun', { fileName: basename(path), text })).runId
  } catch (thrown) {
    if (toErrorReport(thrown).code !== 'run-exists') throw thrown
    return parseResults(text, path).runId
  }
}

function isScript(path: string): TandemError {
  return new TandemError({
    code: 'document-unknown',
    message: `${basename(path)} is a script, which the desktop app does not open`,
    hint: 'Measure it from a terminal; a results.json of it opens here.',
  })
}

function tooLarge(path: string, size: number): TandemError {
  return new TandemError({
    code: 'results-unreadable',
    message: `${basename(path)} has ${formatBytes(size)}; the desktop app opens ${formatBytes(largestImportBytes)} at most`,
    hint: 'Import it with `tandem history import`.',
  })
}
