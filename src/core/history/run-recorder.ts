import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { toErrorReport } from '../../shared/errors.js'
import type { LiveEvent, RecordedEvent } from '../../shared/live/live-event.js'
import { type Results, resultsSchema } from '../../shared/results.js'
import { summariseRun } from '../../shared/run-summary.js'
import { OutputFile } from '../results/output-file.js'
import { ownIdentity } from '../run/process-identity.js'
import { JsonLinesWriter } from './json-lines-writer.js'
import { type RunFolder, runFolder } from './run-folder.js'
import type { RunRecord } from './run-record.js'

/** Keeps one run in the history while it goes on. Whatever fails here is a warning: the run itself goes on. */
export class RunRecorder {
  private startedAtMs = 0
  private failed = false

  private constructor(
    readonly folder: RunFolder,
    private readonly recording: JsonLinesWriter,
    private readonly results: OutputFile,
    private readonly summary: OutputFile,
    private readonly onFailure: (message: string) => void,
  ) {}

  /**
   * Makes the run's folder in the history.
   *
   * @param onFailure told once, when the history can be kept no further; the message is for people
   * @returns null where there is no place for it, after `onFailure`
   */
  static async begin(
    history: string,
    runId: string,
    onFailure: (message: string) => void,
  ): Promise<RunRecorder | null> {
    const folder = runFolder(join(history, runId))
    try {
      await mkdir(folder.directory, { recursive: true })
      const recording = await JsonLinesWriter.create(folder.recording, (error) => recorder.fail(error))
      const results = await OutputFile.open(folder.results, 'History')
      const summary = await OutputFile.open(folder.summary, 'History')
      const recorder = new RunRecorder(folder, recording, results, summary, onFailure)
      return recorder
    } catch (error) {
      onFailure(notKept(error))
      return null
    }
  }

  record(event: LiveEvent, nowMs: number): void {
    if (event.type === 'run-started') this.startedAtMs = event.startedAtMs
    const recorded: RecordedEvent = { atMs: Math.max(0, Math.round(nowMs - this.startedAtMs)), event }
    this.recording.append(recorded)
  }

  /** Replaces the results and the entry in the list. Never rejects. */
  async save(results: Results): Promise<void> {
    const record: RunRecord = {
      format: 'tandem-run',
      version: 1,
      owner: { hostName: hostname(), ...ownIdentity() },
      summary: summariseRun(results),
    }
    try {
      await this.results.write(`${JSON.stringify(resultsSchema.parse(results))}\n`)
      await this.summary.write(`${JSON.stringify(record)}\n`)
    } catch (error) {
      this.fail(error)
    }
    await this.recording.sync()
  }

  async close(): Promise<void> {
    await this.recording.close()
  }

  private fail(error: unknown): void {
    if (this.failed) return
    this.failed = true
    this.onFailure(notKept(error))
  }
}

function notKept(error: unknown): string {
  return `the history of this run is not kept: ${toErrorReport(error).message}`
}
