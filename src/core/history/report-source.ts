import { dirname } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import { type Report, type ReportSource, reportOf } from '../../shared/report/report.js'
import { emptyLabel } from '../../shared/results/history-entry.js'
import type { HistoryStatus } from '../../shared/run/run-summary.js'
import { readResults } from '../results/results-file.js'
import type { RunFiles } from './bundle/write-bundle.js'
import { findRun, resultsPath } from './find-run.js'
import { readRecording, replayEvents } from './recording.js'
import { heldRunFiles, runFiles } from './run-files.js'
import { runFolder } from './run-folder.js'
import type { RunHistory } from './run-history.js'
import { readSampledRecording } from './sampled-recording.js'

/** What reports and exports are made from. */
export interface RunSource extends Omit<ReportSource, 'run'>, RunEvents {
  /** The run's own files, for a bundle. Rejects with `run-active` while it is under way, and with `bundle-too-large`. */
  files(): Promise<RunFiles>
}

export interface RunEvents {
  /**
   * What happened in the run, in order, read anew at each call: samples of the machine are in here alone. Empty where
   * only the results are there.
   */
  events(): AsyncIterable<RecordedEvent>
  /** The same, thinned where the recording is very long: what a report draws. */
  sampledEvents(signal?: AbortSignal): AsyncIterable<RecordedEvent>
}

/** Everything that a report shows of the run. Throws the reason of `signal` once it has fired. */
export async function readReport(
  { events, sampledEvents, files, ...source }: RunSource,
  signal?: AbortSignal,
): Promise<Report> {
  const run = await replayEvents(sampledEvents(signal)).catch(() => null)
  signal?.throwIfAborted()
  return reportOf({ ...source, run })
}

/**
 * What a report is made from, of a run as someone names it: by its `results.json` or the folder that holds one, else as
 * `findRun` finds it. A file's recording is taken from beside it, else from the history.
 *
 * Throws as `findRun` and `readResults`.
 */
export async function findReportSource(name: string, history: RunHistory): Promise<RunSource> {
  const path = await resultsPath(name)
  if (path === null) return await sourceOfRun((await findRun(history, name)).runId, history)
  const results = await readResults(path)
  const { runId } = results
  const { recording } = runFolder(dirname(path))
  const beside: RunEvents = {
    events: () => readRecording(recording),
    sampledEvents: (signal) => readSampledRecording(recording, signal),
  }
  const summary = await history.summary(runId).catch(() => null)
  const owner = summary === null ? null : ownerBy(summary.status)
  const isBeside = (await recordedRunId(beside.events())) === runId
  const files = () => runFiles({ results: path, recording: isBeside ? recording : null }, emptyLabel)
  return { results, owner, files, ...(isBeside ? beside : await kept(runId, history)) }
}

/** Of a run in the history. Throws `run-missing`, or as `readResults`. */
export async function sourceOfRun(runId: string, history: RunHistory): Promise<RunSource> {
  // First: of a run that is not there, that is to be said, not that its file cannot be read.
  const { status } = await history.summary(runId)
  const [results, events] = await Promise.all([history.results(runId), kept(runId, history)])
  return { results, owner: ownerBy(status), files: () => filesOfRun(runId, history), ...events }
}

/** Of a run in the history, with its name and notes. Throws `run-missing`, `run-active` and `bundle-too-large`. */
export async function filesOfRun(runId: string, history: RunHistory): Promise<RunFiles> {
  const { status, label } = await history.summary(runId)
  if (status === 'running') {
    throw new TandemError({
      code: 'run-active',
      message: `run ${runId} is under way`,
      hint: 'A bundle holds a whole run: make it once the run has ended.',
    })
  }
  const held = history.held.get(runId)
  if (held !== undefined) return heldRunFiles(held, label)
  const { results, recording } = await history.folder(runId)
  const isOwn = (await recordedRunId(history.recorded(runId))) === runId
  return await runFiles({ results, recording: isOwn ? recording : null }, label)
}

/** The recording that the history has of the run; no events where there is none. */
async function kept(runId: string, history: RunHistory): Promise<RunEvents> {
  const events = () => history.recorded(runId)
  if ((await recordedRunId(events())) === null) return { events: noEvents, sampledEvents: noEvents }
  return { events, sampledEvents: (signal) => history.sampled(runId, signal) }
}

/** A run says so with its first event; that much may be damaged. */
const lookedAt = 100

/** Whose recording it is, from its beginning; null where there is none, or it begins no run. */
async function recordedRunId(events: AsyncIterable<RecordedEvent>): Promise<string | null> {
  try {
    let seen = 0
    for await (const { event } of events) {
      if (event.type === 'run-started') return event.runId
      if (++seen === lookedAt) return null
    }
    return null
  } catch {
    return null
  }
}

async function* noEvents(): AsyncGenerator<never> {}

/** What the history knows of the process that measures: it matters only where a run has not finished. */
function ownerBy(status: HistoryStatus): ReportSource['owner'] {
  if (status === 'running') return 'running'
  return status === 'interrupted' ? 'gone' : null
}
