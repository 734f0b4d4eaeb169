import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import type { LiveRun } from '../../shared/live/live-run.js'
import type { ReportSource } from '../../shared/report/report.js'
import type { HistoryStatus } from '../../shared/run-summary.js'
import { readResults } from '../results/results-file.js'
import { readRecording, replayEvents } from './recording.js'
import { isRunId, runFolder } from './run-folder.js'
import type { RunHistory } from './run-history.js'

/** What reports and exports are made from. */
export interface RunSource extends ReportSource {
  /**
   * What happened in the run, in order, read anew at each call: samples of the machine are in here alone. Empty where
   * only the results are there.
   */
  events(): AsyncIterable<RecordedEvent>
}

/**
 * What a report is made from, of a run as someone names it: by its id, by its `results.json` or the folder that holds
 * one, or `latest`. A file's recording is taken from beside it, else from the history.
 *
 * Throws `run-missing`, or as `readResults`.
 */
export async function findReportSource(name: string, history: RunHistory): Promise<RunSource> {
  if (name === 'latest') return await sourceOfRun(await latestRun(history), history)
  if (isRunId(name)) return await sourceOfRun(name, history)
  const isFolder = await stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const path = isFolder ? join(name, 'results.json') : name
  const results = await readResults(path)
  const { runId } = results
  const { recording } = runFolder(dirname(path))
  const [beside, kept, summary] = await Promise.all([
    replayEvents(readRecording(recording)).catch(() => null),
    history.replay(runId).catch(() => null),
    history.summary(runId).catch(() => null),
  ])
  const owner = summary === null ? null : ownerBy(summary.status)
  if (beside?.head.runId === runId) {
    return { results, run: beside, owner, events: () => readRecording(recording) }
  }
  return { results, run: kept, owner, events: () => (kept === null ? noEvents() : history.recorded(runId)) }
}

/** Of a run in the history. Throws `run-missing`, or as `readResults`. */
export async function sourceOfRun(runId: string, history: RunHistory): Promise<RunSource> {
  const [{ status }, results, run] = await Promise.all([
    history.summary(runId),
    history.results(runId),
    history.replay(runId).catch((): LiveRun | null => null),
  ])
  return {
    ...{ results, run, owner: ownerBy(status) },
    events: () => (run === null ? noEvents() : history.recorded(runId)),
  }
}

async function* noEvents(): AsyncGenerator<never> {}

async function latestRun(history: RunHistory): Promise<string> {
  const [latest] = await history.list()
  if (latest !== undefined) return latest.runId
  throw new TandemError({
    code: 'run-missing',
    message: 'there is no run in the history yet',
    hint: 'Make one: tandem run --preset quick',
  })
}

/** What the history knows of the process that measures: it matters only where a run has not finished. */
function ownerBy(status: HistoryStatus): ReportSource['owner'] {
  if (status === 'running') return 'running'
  return status === 'interrupted' ? 'gone' : null
}
