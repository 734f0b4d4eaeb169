import { rename } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { Results } from '../../shared/results/results.js'
import { summariseRun } from '../../shared/run/run-summary.js'
import { readDocument } from '../files/read-document.js'
import { replaceFile } from '../results/output-file.js'
import { parseResults, readResults } from '../results/results-file.js'
import { ownIdentity } from '../run/process-identity.js'
import { readRecording } from './recording.js'
import { resultsOfRecording } from './results-from-recording.js'
import { isRunId, privateFileMode, type RunFolder } from './run-folder.js'
import { hasNoOwner, type RunRecord, readRunRecord } from './run-record.js'

/**
 * The entry of a run's folder, after what its owner left undone was done: one that is missing or damaged is made again
 * of the results or of the recording, and a run whose owner was killed gets its end. Both are written down, so they cost
 * once. Null for a folder that holds no run, or one that a later Tandem wrote. Never rejects.
 */
export async function settledRecord(files: RunFolder): Promise<RunRecord | null> {
  const record = await readRunRecord(files.summary)
  if (record === null) {
    if (await isOfLaterVersion(files.summary)) return null
    return await rebuild(files)
  }
  if (!hasNoOwner(record, hostname())) return record
  const left = (await ended(ownResults(files))) ?? (await ended(recordedResults(files)))
  return await keep(files, {
    ...record,
    summary: left === null ? { ...record.summary, status: 'interrupted' } : summariseRun(left),
  })
}

async function rebuild(files: RunFolder): Promise<RunRecord | null> {
  const results = await ownResults(files)
  const recorded = results ?? (await recordedResults(files))
  if (recorded === null || !isRunId(recorded.runId) || !files.directory.endsWith(recorded.runId)) return null
  if (results === null) {
    await setAside(files.results)
    await write(files.results, saidToBeLost(recorded))
  }
  const summary = summariseRun(recorded)
  return await keep(files, {
    format: 'tandem-run',
    version: 1,
    owner: { hostName: hostname(), ...ownIdentity() },
    summary: summary.status === 'running' ? { ...summary, status: 'interrupted' } : summary,
    rebuiltFrom: results === null ? 'recording' : 'results',
  })
}

/** Results of a recording, with the warning that tells every reader of a report so. */
export function saidToBeLost(results: Results): Results {
  const text = 'its results were lost; these are from its recording'
  return { ...results, warnings: [...results.warnings, { code: 'recording-gaps', text }] }
}

/** The owner may have written the whole of the results, and been killed before it said so in the entry. */
async function ended(reading: Promise<Results | null>): Promise<Results | null> {
  const results = await reading
  return results === null || results.status === 'incomplete' ? null : results
}

async function ownResults({ results }: RunFolder): Promise<Results | null> {
  return await readResults(results).catch(() => null)
}

/** Somebody may yet make sense of results that cannot be read: they have more than the recording. Never rejects. */
async function setAside(results: string): Promise<void> {
  await rename(results, `${results}.damaged`).catch(() => {})
}

/**
 * The results as the recording has them; null where it has none. Read again as a document, so that nothing which results
 * may not say comes in this way. Never rejects, also once `signal` has fired.
 */
export async function recordedResults(
  { recording }: RunFolder,
  signal?: AbortSignal,
): Promise<Results | null> {
  try {
    const results = await resultsOfRecording(readRecording(recording, signal))
    return results === null ? null : parseResults(JSON.stringify(results), recording)
  } catch {
    return null
  }
}

/** Whether a later Tandem wrote the entry, so that this one leaves the run alone. Never rejects. */
export async function isOfLaterVersion(path: string): Promise<boolean> {
  const document = (await readDocument(path)) as { format?: unknown; version?: unknown } | null
  return document?.format === 'tandem-run' && typeof document.version === 'number' && document.version > 1
}

/** On a disk that takes nothing, the entry is made again at the next look. */
async function keep(files: RunFolder, record: RunRecord): Promise<RunRecord> {
  await write(files.summary, record)
  return record
}

/** Never rejects. */
async function write(path: string, document: object): Promise<void> {
  await replaceFile(path, `${JSON.stringify(document)}\n`, privateFileMode).catch(() => {})
}
