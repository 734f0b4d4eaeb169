import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toErrorReport } from '../../shared/errors.js'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import type { Results } from '../../shared/results.js'
import { readRecording } from '../history/recording.js'
import { runFolder } from '../history/run-folder.js'
import type { RunHistory } from '../history/run-history.js'
import { readResults } from '../results/results-file.js'

/** What every export is made from. */
export interface ExportSource {
  /** The figures: every strategy, and every step of every rank. */
  results: Results
  /**
   * What happened in the run, in order, read anew at each call: the samples of the machine are in here alone. Empty
   * where only the results are there.
   */
  events(): AsyncIterable<RecordedEvent>
}

/** A run of the history. Throws `run-missing`, or as `readResults`. */
export async function sourceOfRun(history: RunHistory, runId: string): Promise<ExportSource> {
  const results = await history.results(runId)
  return { results, events: () => unlessMissing(history.recorded(runId)) }
}

/**
 * A results document from wherever it is, with the recording beside it where it lies in a run's folder. Throws as
 * `readResults`.
 */
export async function sourceOfFile(path: string): Promise<ExportSource> {
  const results = await readResults(path)
  const { recording } = runFolder(dirname(path))
  const recorded = (await isThere(recording)) && (await runIdOf(recording)) === results.runId
  return { results, events: () => (recorded ? readRecording(recording) : nothing()) }
}

/** Figures can be handed on without the recording. */
async function* unlessMissing(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent> {
  try {
    yield* events
  } catch (error) {
    if (toErrorReport(error).code !== 'run-missing') throw error
  }
}

async function runIdOf(recording: string): Promise<string | null> {
  for await (const { event } of readRecording(recording)) {
    return event.type === 'run-started' ? event.runId : null
  }
  return null
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function* nothing(): AsyncGenerator<never> {}
