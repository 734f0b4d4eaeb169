import { rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { TandemError } from '../../shared/errors.js'
import type { Results } from '../../shared/results/results.js'
import { summariseRun } from '../../shared/run/run-summary.js'
import { parseDocument } from '../results/results-file.js'
import { ownIdentity } from '../run/process-identity.js'
import { recordingText } from './recording-from-results.js'
import { isRunId, newRunId, privateFileMode, type RunFolder, runFolder } from './run-folder.js'
import type { RunRecord } from './run-record.js'
import type { SetAside } from './set-aside.js'

/** A `results.json` as it was read, or as it came from a page. */
export interface ImportedFile {
  /** What people see of where it came from; no folder. */
  fileName: string
  text: string
}

/** What an import came to. */
export interface ImportedRun {
  runId: string
  /** Whether it was not in the history already; what was there is left as it is. */
  isNew: boolean
}

/** Puts the run together where nobody looks, then moves it into the history as a whole. Throws as `parseResults`. */
export async function writeImportedRun(
  { fileName, text }: ImportedFile,
  aside: SetAside,
): Promise<ImportedRun> {
  const { results: parsed, isCurrent } = parseDocument(text, fileName)
  const runId = isRunId(parsed.runId) ? parsed.runId : newRunId(new Date(parsed.startedAt))
  const results: Results = { ...parsed, runId }
  const files = runFolder(await aside.newFolder())
  try {
    const isAsItCame = isCurrent && runId === parsed.runId
    await writeRun(files, results, isAsItCame ? text : `${JSON.stringify(results)}\n`, fileName)
    return { runId, isNew: await aside.moveIn(files.directory, runId) }
  } finally {
    // Where it was moved, there is nothing left to remove.
    await rm(files.directory, { recursive: true, force: true })
  }
}

async function writeRun(files: RunFolder, results: Results, text: string, fileName: string): Promise<void> {
  const mode = privateFileMode
  await writeFile(files.recording, recordingText(results), { mode })
  await writeFile(files.results, text, { mode })
  await writeRecord(files, results, fileName)
}

/** The entry of a run that came as a file. */
export async function writeRecord(files: RunFolder, results: Results, fileName: string): Promise<void> {
  const record = `${JSON.stringify(recordOf(results, fileName))}\n`
  await writeFile(files.summary, record, { mode: privateFileMode })
}

function recordOf(results: Results, fileName: string): RunRecord {
  const summary = summariseRun(results)
  return {
    format: 'tandem-run',
    version: 1,
    owner: { hostName: hostname(), ...ownIdentity() },
    // Wherever it was under way, it is not here.
    summary: { ...summary, status: summary.status === 'running' ? 'interrupted' : summary.status },
    imported: { importedAt: new Date().toISOString(), fileName },
  }
}

/** What an import says of a run that is not new. */
export function alreadyHere(runId: string): TandemError {
  return new TandemError({
    code: 'run-exists',
    message: `run ${runId} is in the history already`,
    hint: 'Open it there; or delete it first, to import it again.',
  })
}
