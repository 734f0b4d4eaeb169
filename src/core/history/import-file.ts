import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { kindByStats } from '../files/file-kind.js'
import { withoutWaiting } from '../files/read-text-file.js'
import { readResultsText } from '../results/results-file.js'
import { findRun, resultsPath } from './find-run.js'
import { alreadyHere, type ImportedRun } from './import-run.js'
import type { RunHistory } from './run-history.js'

/**
 * As `takeFile`, also for the folder that a `results.json` is in; but throws `run-exists` for a run that is here already,
 * and for the name of one in place of a file. Returns the run's id.
 */
export async function importFile(history: RunHistory, path: string, signal?: AbortSignal): Promise<string> {
  const file = (await resultsPath(path)) ?? path
  const { runId, isNew } = await takeFile(history, file, signal).catch(async (error: unknown) => {
    const named = await findRun(history, path).catch(() => null)
    throw named === null ? error : noFile(path, named.runId)
  })
  if (!isNew) throw alreadyHere(runId)
  return runId
}

/**
 * Takes the bundle or the results file at `path` into the history: by what it is, not by its name. Throws as
 * `readResultsText` and `RunHistory.take`.
 */
export async function takeFile(
  history: RunHistory,
  path: string,
  signal?: AbortSignal,
): Promise<ImportedRun> {
  const fileName = basename(path)
  const file = await openArchive(path)
  if (file === null)
    return await history.take({ fileName, text: await readResultsText(path, signal) }, signal)
  try {
    return await history.take({ fileName, source: { kind: 'file', descriptor: file.fd } }, signal)
  } finally {
    await file.close()
  }
}

/** Null for whatever is no ZIP archive, or cannot be opened: whoever reads it as text says what it is. */
async function openArchive(path: string): Promise<FileHandle | null> {
  const file = await open(path, withoutWaiting).catch(() => null)
  if (file === null) return null
  let isArchive = false
  try {
    if (kindByStats(await file.stat()) === null) {
      const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
      isArchive = buffer.readUInt32BE() === 0x504b0304
    }
  } catch {
    // As above.
  } finally {
    if (!isArchive) await file.close()
  }
  return isArchive ? file : null
}

function noFile(text: string, runId: string): TandemError {
  const what = text === runId ? '' : ` (${runId})`
  return new TandemError({
    code: 'run-exists',
    message: `${text} is a run of the history already${what}; an import takes files`,
    hint: 'Name a results.json, of another machine for one.',
  })
}
