import { readdir, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RecordingPart } from '../../shared/contract/commands.js'
import { TandemError } from '../../shared/errors.js'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import type { LiveRun } from '../../shared/live/live-run.js'
import {
  changeLabel,
  emptyLabel,
  type HistoryEntry,
  type LabelChange,
  type RunLabel,
} from '../../shared/results/history-entry.js'
import type { Results } from '../../shared/results/results.js'
import type { RunSummary } from '../../shared/run/run-summary.js'
import { whyNotWritten } from '../results/output-file.js'
import { readResults } from '../results/results-file.js'
import { readBaseline, writeBaseline } from './baseline.js'
import { type BundleFile, writeImportedBundle } from './bundle/import-bundle.js'
import { HeldRuns } from './held-runs.js'
import { alreadyHere, type ImportedFile, type ImportedRun, writeImportedRun } from './import-run.js'
import { readRecording, replayEvents } from './recording.js'
import { RunEntries } from './run-entries.js'
import { isRunId, type RunFolder, runFolder } from './run-folder.js'
import { writeLabel } from './run-label.js'
import { currentSummary, readRunRecord } from './run-record.js'
import { readRecordingPart, readSampledRecording } from './sampled-recording.js'
import { SetAside } from './set-aside.js'
import { isOfLaterVersion, recordedResults, saidToBeLost } from './settle-record.js'
import type { StoredEntry } from './stored-entry.js'

const settleEveryMs = 500

/** Events in one answer, of a recording that memory holds. */
const heldPart = 2_000

/**
 * All runs of this user, a folder each. Several processes may write at once: each run has one owner, what others may
 * change lies in files of its own, and readers see whole files.
 */
export class RunHistory {
  private readonly entries: RunEntries
  readonly aside: SetAside
  private latestList: Promise<HistoryEntry[]> = Promise.resolve([])
  private nextList: Promise<HistoryEntry[]> | null = null

  /** Runs of this process that the disk does not take: memory has them, and they are read from there. */
  readonly held: HeldRuns

  /**
   * @param examples holds runs that ship with Tandem: shown, played and compared like any other, never changed
   * @param onChange told when a run begins or ceases to be held in memory for a disk that takes nothing
   */
  constructor(
    readonly directory: string,
    private readonly examples: string | null = null,
    onChange: () => void = () => {},
  ) {
    this.entries = new RunEntries(directory)
    this.aside = new SetAside(directory)
    this.held = new HeldRuns(onChange)
  }

  /** Newest first. Folders that hold no record (yet) are left out. */
  async list(): Promise<HistoryEntry[]> {
    // Whoever asks while a list is read gets the next one, together with all who ask meanwhile.
    this.nextList ??= this.latestList
      .catch(() => [])
      .then(() => {
        this.nextList = null
        this.latestList = this.readList()
        return this.latestList
      })
    return await this.nextList
  }

  /** The ids of runs that `list` leaves out, since a later Tandem wrote them into this folder. */
  async ofLaterVersion(): Promise<string[]> {
    const listed = new Set((await this.list()).map(({ runId }) => runId))
    const names = await readdir(this.directory).catch(() => [])
    const unlisted = names.filter((name) => isRunId(name) && !listed.has(name))
    const isLater = await Promise.all(
      unlisted.map((runId) => isOfLaterVersion(runFolder(join(this.directory, runId)).summary)),
    )
    return unlisted.filter((_runId, index) => isLater[index])
  }

  private async readList(): Promise<HistoryEntry[]> {
    const names = await readdir(this.directory).catch(() => [])
    const runIds = [...new Set([...names.filter(isRunId), ...this.held.ids])].sort().reverse()
    const [baseline, stored] = await Promise.all([readBaseline(this.directory), this.entries.readAll(runIds)])
    const here = hostname()
    return runIds.flatMap((runId, index) => {
      const entry = this.heldOr(runId, stored[index] ?? null)
      return entry === null ? [] : [present(entry, baseline, here)]
    })
  }

  /** The runs that ship with Tandem, newest first. One that is among `own`, since it was imported too, is left out. */
  async listExamples(own: readonly HistoryEntry[] = []): Promise<HistoryEntry[]> {
    const { examples } = this
    if (examples === null) return []
    const isOwn = (name: string): boolean => own.some(({ runId }) => runId === name)
    const names = (await readdir(examples).catch(() => [])).filter((name) => isRunId(name) && !isOwn(name))
    names.sort().reverse()
    const records = await Promise.all(
      names.map((name) => readRunRecord(runFolder(join(examples, name)).summary)),
    )
    return records.flatMap((record) => (record === null ? [] : [presentExample(record.summary)]))
  }

  /** Own runs and those that ship with Tandem, newest first. */
  async listAll(): Promise<HistoryEntry[]> {
    const own = await this.list()
    const examples = await this.listExamples(own)
    return examples.length === 0 ? own : [...own, ...examples].sort(byNewest)
  }

  /** One of the list. Throws `run-missing`, and `run-too-new` for one that a later Tandem wrote. */
  async entry(runId: string): Promise<HistoryEntry> {
    return present(await this.own(runId), await readBaseline(this.directory), hostname())
  }

  /** As `entry`, for examples too. */
  async summary(runId: string): Promise<HistoryEntry> {
    const own = await this.entry(runId).catch((why: unknown) => ({ why }))
    if (!('why' in own)) return own
    const example = (await this.listExamples()).find((summary) => summary.runId === runId)
    if (example === undefined) throw own.why
    return example
  }

  /**
   * What was measured up to the latest epoch; of a run whose results are lost, what its recording has of them, with a
   * warning that says so. Throws `run-missing`, or as `readResults`.
   */
  async results(runId: string, signal?: AbortSignal): Promise<Results> {
    const held = this.held.get(runId)
    if (held !== undefined) return held.results
    const files = await this.folder(runId)
    try {
      return await readResults(files.results, signal)
    } catch (error) {
      const recorded = isLost(error) ? await recordedResults(files, signal) : null
      signal?.throwIfAborted()
      if (recorded?.runId !== runId) throw error
      return saidToBeLost(recorded)
    }
  }

  /** The run as its recording tells it, thinned where that is very long. Throws `run-missing`, also for a recording that does not begin. */
  async replay(runId: string, signal?: AbortSignal): Promise<LiveRun> {
    const run = await replayEvents(this.sampled(runId, signal))
    if (run === null) throw missing(runId)
    return run
  }

  /** A part of the recording, from where the one before it says that it goes on. Throws `run-missing`. */
  async recording(runId: string, from: number, signal?: AbortSignal): Promise<RecordingPart> {
    const held = this.held.get(runId)
    if (held !== undefined) return await partOf(held.events(), from)
    const { recording } = await this.folder(runId)
    return await readRecordingPart(recording, from, signal).catch((error: unknown) => {
      throw isMissing(error) ? missing(runId) : error
    })
  }

  /** Names a run, or notes something on it; what is not given stays. Throws `run-missing`, and as `changeLabel`. */
  async label(runId: string, change: LabelChange): Promise<RunLabel> {
    const { label } = await this.own(runId)
    const changed = changeLabel(label, change)
    await writeLabel(runFolder(join(this.directory, runId)).label, changed)
    return changed
  }

  /** The run that others are held against; null where none is pinned, or it was deleted. */
  async baseline(): Promise<HistoryEntry | null> {
    const runId = await readBaseline(this.directory)
    return runId === null ? null : await this.summary(runId).catch(() => null)
  }

  /** Null unpins. Throws `run-missing`, and `run-active` for a run that is under way. */
  async pin(runId: string | null): Promise<void> {
    if (runId !== null) assertEnded(await this.own(runId), 'Pin it once it has ended.')
    await writeBaseline(this.directory, runId)
  }

  /** Takes a run out of the list; for some minutes `restore` has it back. Throws as `pin`. */
  async remove(runId: string): Promise<void> {
    assertEnded(await this.own(runId), 'Stop it first.')
    await this.held.get(runId)?.discard()
    await this.aside.take(runId).catch((error: unknown) => {
      throw notWritable(error, this.directory)
    })
    await this.aside.sweep()
  }

  /**
   * Tries for `limitMs` to write what is held of a run that has ended. Resolves to what is wrong with the disk, for
   * people, where it takes nothing still; to null where the run is kept.
   */
  async settle(runId: string, limitMs: number): Promise<string | null> {
    const deadline = performance.now() + limitMs
    for (;;) {
      const held = this.held.get(runId)
      if (held === undefined) return null
      if (performance.now() > deadline) return held.why
      await delay(settleEveryMs)
      await held.tryAgain()
    }
  }

  /** Undoes `remove`. Throws `run-missing` once the run is gone for good. */
  async restore(runId: string): Promise<void> {
    if (!isRunId(runId) || !(await this.aside.giveBack(runId))) throw missing(runId)
  }

  /** Removes deleted runs for good whose time to be restored has passed. Never rejects. */
  async sweep(): Promise<void> {
    await this.aside.sweep()
  }

  /**
   * Makes a run of a `results.json` or a bundle that was measured elsewhere. Returns its id: its own, or for results
   * whose own is no name for a folder a new one. Throws as `take`, and `run-exists` where it is here already.
   */
  async import(file: ImportedFile | BundleFile, signal?: AbortSignal): Promise<string> {
    const { runId, isNew } = await this.take(file, signal)
    if (!isNew) throw alreadyHere(runId)
    return runId
  }

  /** As `import`; a run that is here already is that run. Throws as `parseResults`, and `bundle-invalid`. */
  async take(file: ImportedFile | BundleFile, signal?: AbortSignal): Promise<ImportedRun> {
    return 'text' in file
      ? await writeImportedRun(file, this.aside)
      : await writeImportedBundle(file, this.aside, signal)
  }

  /** Where its files lie: in the history, else among the examples; whether or not it is there. Throws `run-missing`. */
  async folder(runId: string): Promise<RunFolder> {
    if (!isRunId(runId)) throw missing(runId)
    const own = runFolder(join(this.directory, runId))
    const isOwn = await stat(own.directory).then(
      () => true,
      () => false,
    )
    return isOwn || this.examples === null ? own : runFolder(join(this.examples, runId))
  }

  /** One that is no example. */
  private async own(runId: string): Promise<StoredEntry> {
    const entry = isRunId(runId) ? await this.stored(runId) : null
    if (entry !== null) return entry
    const isExample = (await this.listExamples()).some((example) => example.runId === runId)
    if (isExample) throw unchangeable(runId)
    const { summary } = runFolder(join(this.directory, runId))
    throw isRunId(runId) && (await isOfLaterVersion(summary)) ? tooNew(runId) : missing(runId)
  }

  /** Of a run that is held, memory knows better than the disk. */
  private async stored(runId: string): Promise<StoredEntry | null> {
    return this.heldOr(runId, await this.entries.read(runId))
  }

  private heldOr(runId: string, stored: StoredEntry | null): StoredEntry | null {
    const held = this.held.get(runId)
    if (held === undefined) return stored
    return { record: held.entry(), label: stored?.label ?? emptyLabel, heldFor: held.why }
  }

  /** The events of the run's recording, in order. Throws `run-missing`. */
  recorded(runId: string, signal?: AbortSignal): AsyncGenerator<RecordedEvent> {
    return this.events(runId, (path) => readRecording(path, signal))
  }

  /** As `recorded`, thinned where the recording is very long. */
  sampled(runId: string, signal?: AbortSignal): AsyncGenerator<RecordedEvent> {
    return this.events(runId, (path) => readSampledRecording(path, signal))
  }

  private async *events(
    runId: string,
    read: (path: string) => AsyncIterable<RecordedEvent>,
  ): AsyncGenerator<RecordedEvent> {
    try {
      yield* this.held.get(runId)?.events() ?? read((await this.folder(runId)).recording)
    } catch (error) {
      throw isMissing(error) ? missing(runId) : error
    }
  }
}

/** Ids begin with the time. */
function byNewest(a: HistoryEntry, b: HistoryEntry): number {
  return a.runId < b.runId ? 1 : -1
}

function presentExample(summary: RunSummary): HistoryEntry {
  return { ...summary, label: emptyLabel, imported: null, isBaseline: false, remark: null, isExample: true }
}

function present(stored: StoredEntry, baseline: string | null, here: string): HistoryEntry {
  const { record, label } = stored
  const summary = currentSummary(record, here)
  return {
    ...summary,
    label,
    imported: record.imported ?? null,
    isBaseline: summary.runId === baseline,
    remark: remarkOn(stored),
  }
}

function remarkOn({ record, heldFor }: StoredEntry): string | null {
  if (heldFor !== null) return `not on the disk yet: ${heldFor}`
  return record.rebuiltFrom === undefined
    ? null
    : `its entry was lost, and made again from its ${record.rebuiltFrom}`
}

function assertEnded({ record }: StoredEntry, hint: string): void {
  if (currentSummary(record, hostname()).status !== 'running') return
  throw new TandemError({
    code: 'run-active',
    message: `run ${record.summary.runId} is under way`,
    hint,
  })
}

/** Not there, or none; but of a later Tandem they are not lost. */
function isLost(error: unknown): boolean {
  return (
    error instanceof TandemError && (error.code === 'results-unreadable' || error.code === 'results-invalid')
  )
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

/** Of a recording that memory holds: `from` counts events. */
async function partOf(all: AsyncIterable<RecordedEvent>, from: number): Promise<RecordingPart> {
  const events: RecordedEvent[] = []
  let index = 0
  for await (const recorded of all) {
    if (events.length === heldPart) return { events, next: from + heldPart }
    if (index++ >= from) events.push(recorded)
  }
  return { events, next: null }
}

function missing(runId: string): TandemError {
  return new TandemError({
    code: 'run-missing',
    message: `there is no run ${runId} in the history`,
    hint: 'It may have been deleted; look at the list again.',
  })
}

function tooNew(runId: string): TandemError {
  return new TandemError({
    code: 'run-too-new',
    message: `run ${runId} was written by a newer Tandem than this one`,
    hint: 'Open it with that one; here it is left as it is.',
  })
}

function unchangeable(runId: string): TandemError {
  return new TandemError({
    code: 'run-is-example',
    message: `run ${runId} ships with Tandem, and stays as it is`,
    hint: 'A run of your own can be named, pinned and deleted.',
  })
}

function notWritable(error: unknown, directory: string): TandemError {
  return new TandemError({
    code: 'history-not-writable',
    message: `${directory} could not be changed: ${whyNotWritten(error, directory)}`,
    hint: 'Try again once it can be written.',
  })
}
