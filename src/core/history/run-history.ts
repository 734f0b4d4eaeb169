import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { RecordingPart } from '../../shared/contract/commands.js'
import { TandemError } from '../../shared/errors.js'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import type { LiveRun } from '../../shared/live/live-run.js'
import type { Results } from '../../shared/results.js'
import type { RunSummary } from '../../shared/run-summary.js'
import { readResults } from '../results/results-file.js'
import { readRecording, replayEvents } from './recording.js'
import { isRunId, type RunFolder, runFolder } from './run-folder.js'
import { currentSummary, type RunRecord, readRunRecord } from './run-record.js'

/**
 * All runs of this user, a folder each. Several processes may write at once: each run has one owner, and readers
 * see whole files. Entries are kept in memory and read again when their file has changed, so a list costs a look
 * at each file's time.
 */
export class RunHistory {
  private readonly records = new Map<string, { modifiedAtMs: number; record: RunRecord }>()

  /** @param examples holds runs that ship with Tandem: shown and played like any other, never listed or deleted */
  constructor(
    readonly directory: string,
    private readonly examples: string | null = null,
  ) {}

  /** Newest first. Folders that hold no record (yet) are left out. */
  async list(): Promise<RunSummary[]> {
    const names = await readdir(this.directory).catch(() => [])
    const runIds = names.filter(isRunId)
    for (const known of this.records.keys()) if (!runIds.includes(known)) this.records.delete(known)
    const records = await Promise.all(runIds.map((runId) => this.record(runId)))
    const here = hostname()
    return records
      .flatMap((record) => (record === null ? [] : [currentSummary(record, here)]))
      .sort((a, b) => (a.runId < b.runId ? 1 : -1))
  }

  /** The runs that ship with Tandem. */
  async listExamples(): Promise<RunSummary[]> {
    const { examples } = this
    if (examples === null) return []
    const names = (await readdir(examples).catch(() => [])).filter(isRunId)
    const records = await Promise.all(
      names.map((name) => readRunRecord(runFolder(join(examples, name)).summary)),
    )
    return records.flatMap((record) => (record === null ? [] : [record.summary]))
  }

  /** Throws `run-missing`. */
  async summary(runId: string): Promise<RunSummary> {
    const record = isRunId(runId) ? await this.record(runId) : null
    if (record !== null) return currentSummary(record, hostname())
    const example = (await this.listExamples()).find((summary) => summary.runId === runId)
    if (example === undefined) throw missing(runId)
    return example
  }

  /** What was measured up to the latest epoch. Throws `run-missing`, or as `readResults`. */
  async results(runId: string): Promise<Results> {
    return await readResults((await this.folder(runId)).results)
  }

  /** The run as its recording tells it. Throws `run-missing`, also for a recording that does not begin. */
  async replay(runId: string): Promise<LiveRun> {
    const run = await replayEvents(this.recorded(runId))
    if (run === null) throw missing(runId)
    return run
  }

  /** `limit` events from the one numbered `from`. Throws `run-missing`. */
  async recording(runId: string, from: number, limit: number): Promise<RecordingPart> {
    const events: RecordedEvent[] = []
    let index = 0
    for await (const recorded of this.recorded(runId)) {
      if (events.length === limit) return { events, next: from + limit }
      if (index++ >= from) events.push(recorded)
    }
    return { events, next: null }
  }

  /** Throws `run-missing`, and `run-active` for one that is under way. */
  async remove(runId: string): Promise<void> {
    const record = isRunId(runId) ? await this.record(runId) : null
    if (record === null) throw missing(runId)
    if (currentSummary(record, hostname()).status === 'running') {
      throw new TandemError({
        code: 'run-active',
        message: `run ${runId} is under way`,
        hint: 'Stop it first.',
      })
    }
    await rm(join(this.directory, runId), { recursive: true, force: true })
    this.records.delete(runId)
  }

  private async folder(runId: string): Promise<RunFolder> {
    if (!isRunId(runId)) throw missing(runId)
    const own = runFolder(join(this.directory, runId))
    const isOwn = await stat(own.directory).then(
      () => true,
      () => false,
    )
    return isOwn || this.examples === null ? own : runFolder(join(this.examples, runId))
  }

  private async record(runId: string): Promise<RunRecord | null> {
    const path = runFolder(join(this.directory, runId)).summary
    const modifiedAtMs = (await stat(path).catch(() => null))?.mtimeMs
    if (modifiedAtMs === undefined) return null
    const known = this.records.get(runId)
    if (known?.modifiedAtMs === modifiedAtMs) return known.record
    const record = await readRunRecord(path)
    if (record !== null) this.records.set(runId, { modifiedAtMs, record })
    return record
  }

  /** The events of the run's recording, in order. Throws `run-missing`. */
  async *recorded(runId: string): AsyncGenerator<RecordedEvent> {
    try {
      yield* readRecording((await this.folder(runId)).recording)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missing(runId)
      throw error
    }
  }
}

function missing(runId: string): TandemError {
  return new TandemError({
    code: 'run-missing',
    message: `there is no run ${runId} in the history`,
    hint: 'It may have been deleted; look at the list again.',
  })
}
