import { hostname } from 'node:os'
import { join } from 'node:path'
import type { RunWarning } from '../../shared/conditions/conditions.js'
import type { LiveEvent, RecordedEvent } from '../../shared/live/live-event.js'
import { type Results, resultsSchema } from '../../shared/results/results.js'
import { summariseRun } from '../../shared/run/run-summary.js'
import { replaceFile, whyNotWritten } from '../results/output-file.js'
import { ownIdentity } from '../run/process-identity.js'
import type { HeldRun, HeldRuns } from './held-runs.js'
import { JsonLinesWriter } from './json-lines-writer.js'
import { parseRecording } from './recording.js'
import { recordingOf } from './recording-from-results.js'
import { privateFileMode, type RunFolder, runFolder } from './run-folder.js'
import type { RunRecord } from './run-record.js'
import type { SetAside } from './set-aside.js'

/** Short enough that a kill loses little, long enough that writing costs nothing. */
const flushEveryMs = 250

/** How often a disk that took nothing is tried again. */
const tryAgainEveryMs = 2_000

/** What a recorder needs of the history that it writes to. */
export interface RecorderPlace {
  directory: string
  aside: SetAside
  held: HeldRuns
}

/**
 * Keeps one run in the history while it goes on. Whatever fails here is a warning, and the run itself goes on: what
 * the disk does not take is held in memory, where readers of this process find it, and tried again until it is there.
 */
export class RunRecorder implements HeldRun {
  readonly folder: RunFolder
  private readonly recording: JsonLinesWriter
  private startedAtMs = 0
  /** The results that are on the disk. */
  private kept: Results | null = null
  private trouble: string | null = null
  private timer: NodeJS.Timeout | null = null
  private working: Promise<void> = Promise.resolve()
  private standing: 'measuring' | 'ended' | 'discarded' = 'measuring'

  private constructor(
    readonly runId: string,
    private newest: Results,
    private readonly place: RecorderPlace,
    private readonly onWarning: (warning: RunWarning) => void,
  ) {
    this.folder = runFolder(join(place.directory, runId))
    this.recording = new JsonLinesWriter(this.folder.recording)
  }

  /**
   * Makes the run's folder in the history, or goes on trying to.
   *
   * @param begun its results before anything was measured
   * @param onWarning told when the history cannot be written, and when it can be again; the text is for people
   */
  static async begin(
    place: RecorderPlace,
    begun: Results,
    onWarning: (warning: RunWarning) => void,
  ): Promise<RunRecorder> {
    const recorder = new RunRecorder(begun.runId, begun, place, onWarning)
    await recorder.keepUp()
    return recorder
  }

  record(event: LiveEvent, nowMs: number): void {
    if (this.standing !== 'measuring') return
    if (event.type === 'run-started') this.startedAtMs = event.startedAtMs
    const recorded: RecordedEvent = { atMs: Math.max(0, Math.round(nowMs - this.startedAtMs)), event }
    this.recording.append(recorded)
    this.comeBackIn(flushEveryMs)
  }

  /** Replaces the results and the entry in the list. Never rejects. */
  async save(results: Results): Promise<void> {
    this.newest = results
    await this.keepUp()
  }

  /** The run is over. What is not on the disk yet is tried again for as long as this process lives. Never rejects. */
  async end(): Promise<void> {
    if (this.standing === 'measuring') this.standing = 'ended'
    await this.keepUp()
  }

  get why(): string {
    return this.trouble ?? ''
  }

  get results(): Results {
    return this.newest
  }

  entry(): RunRecord {
    const owner = { hostName: hostname(), ...ownIdentity() }
    return { format: 'tandem-run', version: 1, owner, summary: summariseRun(this.newest) }
  }

  events(): AsyncGenerator<RecordedEvent> {
    return parseRecording(this.recording.content())
  }

  async tryAgain(): Promise<void> {
    await this.keepUp()
  }

  async discard(): Promise<void> {
    this.standing = 'discarded'
    await this.keepUp()
  }

  /** Brings the disk up to what is known, once what was begun before is done. Never rejects. */
  private keepUp(): Promise<void> {
    this.working = this.working.then(async () => {
      if (this.timer !== null) clearTimeout(this.timer)
      this.timer = null
      try {
        if (this.standing !== 'discarded') await this.write()
        await this.succeeded()
      } catch (error) {
        this.failed(error)
      }
    })
    return this.working
  }

  private async write(): Promise<void> {
    const results = this.newest
    if (results === this.kept && this.trouble === null) {
      await this.recording.write()
      return
    }
    const { aside } = this.place
    const record = `${JSON.stringify(this.entry())}\n`
    await aside.makeRunFolder(this.runId, record)
    await this.recording.place()
    await this.recording.write()
    await this.recording.sync()
    if (this.standing === 'ended' && !this.recording.isWhole) await this.recordFromResults(results)
    const document = `${JSON.stringify(resultsSchema.parse(results))}\n`
    await replaceFile(this.folder.results, document, privateFileMode)
    await replaceFile(this.folder.summary, record, privateFileMode)
    this.kept = results
  }

  /** In place of a recording that breaks off: what the results know of each step, without samples and logs. */
  private async recordFromResults(results: Results): Promise<void> {
    const lines = recordingOf(results).map((recorded) => `${JSON.stringify(recorded)}\n`)
    await replaceFile(this.folder.recording, lines.join(''), privateFileMode)
  }

  private async succeeded(): Promise<void> {
    if (this.trouble !== null) {
      this.trouble = null
      this.place.held.release(this.runId)
      this.warn('kept-late', 'the history could be written again: what was held in memory is in it')
    }
    if (this.standing === 'measuring') return
    await this.recording.sync()
    await this.recording.close()
  }

  private failed(error: unknown): void {
    const isNews = this.trouble === null
    this.trouble = whyNotWritten(error, this.folder.directory)
    if (isNews) {
      this.place.held.add(this)
      this.warn(
        'not-kept',
        `the history cannot be written: ${this.trouble}; this run is held in memory until it can`,
      )
    }
    this.comeBackIn(tryAgainEveryMs)
  }

  private warn(code: RunWarning['code'], text: string): void {
    if (this.standing === 'measuring') this.onWarning({ code, text })
  }

  /** The timer keeps no process alive: whoever ends it decides how long is waited for a disk. */
  private comeBackIn(ms: number): void {
    this.timer ??= setTimeout(() => void this.keepUp(), ms).unref()
  }
}
