import { access, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  mountTinyFileSystem,
  noTinyFileSystem,
  type TinyFileSystem,
} from '../../../scripts/testing/tiny-file-system.js'
import type { RunWarning } from '../../shared/conditions/conditions.js'
import type { LiveEvent, RecordedEvent } from '../../shared/live/live-event.js'
import type { Results } from '../../shared/results/results.js'
import { measuredResults } from '../results/measured-results.fixture.js'
import { parseResults } from '../results/results-file.js'
import { recordingOf } from './recording-from-results.js'
import { runFolder } from './run-folder.js'
import { RunHistory } from './run-history.js'
import { RunRecorder } from './run-recorder.js'

const finished = parseResults(JSON.stringify(measuredResults()), 'results.json')
const { runId } = finished
const begun: Results = { ...finished, status: 'incomplete', finishedAt: null, measurements: [] }
const events = recordingOf(finished).map(({ event }) => event)

let folder: string
let history: RunHistory
let warnings: RunWarning[]

function open(directory: string): void {
  folder = join(directory, 'runs')
  history = new RunHistory(folder)
  warnings = []
}

const begin = () => RunRecorder.begin(history, begun, (warning) => warnings.push(warning))
const elsewhere = () => new RunHistory(folder)

async function recordedIn(reader: RunHistory): Promise<LiveEvent[]> {
  const all: RecordedEvent[] = []
  for await (const recorded of reader.recorded(runId)) all.push(recorded)
  return all.map(({ event }) => event)
}

/** All that a reader finds: the list's state, the results, the events. */
async function found(reader: RunHistory) {
  const { status, remark } = await reader.summary(runId)
  return { status, remark, results: await reader.results(runId), events: await recordedIn(reader) }
}

const whole = { status: 'complete', remark: null, results: finished, events }

function record(recorder: RunRecorder, some: readonly LiveEvent[]): void {
  for (const event of some) recorder.record(event, Date.now())
}

/** What the other process that owns the run would have to be: gone. */
async function loseOwner(): Promise<void> {
  const { summary } = runFolder(join(folder, runId))
  const document = JSON.parse(await readFile(summary, 'utf8'))
  document.owner.pid = 2 ** 22 + 1
  await writeFile(summary, JSON.stringify(document))
}

describe('a run that is kept', () => {
  let temporary: string

  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'tandem-recorder-'))
    open(temporary)
  })
  afterEach(() => rm(temporary, { recursive: true }))

  it('is whole in the history from its first moment, and nothing else lies there', async () => {
    const recorder = await begin()
    expect(await readdir(join(folder, runId))).toEqual(['recording.jsonl', 'results.json', 'run.json'])
    expect(await readdir(join(folder, '.aside'))).toEqual([])
    expect(await elsewhere().summary(runId)).toMatchObject({ status: 'running' })

    record(recorder, events)
    await recorder.save(finished)
    await recorder.end()
    expect(await found(elsewhere())).toEqual(whole)
    expect(warnings).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('is nobody else’s, nor is what is written beside it', async () => {
    const recorder = await begin()
    record(recorder, events)
    await recorder.save(finished)
    await recorder.end()
    await history.label(runId, { name: 'a name' })
    await history.pin(runId)
    await history.import({ fileName: 'other.json', text: JSON.stringify({ ...finished, runId: 'other' }) })
    await history.remove(runId)

    for (const name of await readdir(folder, { recursive: true })) {
      const { mode } = await stat(join(folder, name))
      expect({ name, others: mode & 0o077 }).toEqual({ name, others: 0 })
    }
  })

  it('is made again, with all that was recorded before, where its folder vanishes', async () => {
    const recorder = await begin()
    record(recorder, events.slice(0, 5))
    await recorder.save(begun)
    await rm(folder, { recursive: true })
    record(recorder, events.slice(5))
    await recorder.save(finished)
    await recorder.end()

    expect(await found(elsewhere())).toEqual(whole)
  })

  it('stays where it is when its folder is moved and comes back', async () => {
    const recorder = await begin()
    record(recorder, events.slice(0, 5))
    await rename(folder, `${folder}-away`)
    await recorder.save({ ...begun })
    await rm(folder, { recursive: true })
    await rename(`${folder}-away`, folder)
    record(recorder, events.slice(5))
    await recorder.save(finished)
    await recorder.end()

    expect(await found(elsewhere())).toEqual(whole)
  })
})

const available = mountTinyFileSystem()
available?.dispose()
const why = available === null ? ` (${noTinyFileSystem})` : ''

describe.skipIf(available === null)(`a disk that takes nothing${why}`, () => {
  let disk: TinyFileSystem

  beforeEach(() => {
    disk = mountTinyFileSystem('4m') as TinyFileSystem
    open(disk.folder)
  })
  afterEach(() => disk.dispose())

  it('makes memory keep the run, which says so, until the disk has it', async () => {
    const recorder = await begin()
    record(recorder, events.slice(0, 5))
    await recorder.save(begun)
    disk.fill()
    record(recorder, events.slice(5))
    await recorder.save(finished)
    await recorder.end()

    const said = 'the disk is full'
    const remark = `not on the disk yet: ${said}`
    expect(await found(history)).toEqual({ ...whole, remark })
    expect(await history.settle(runId, 0)).toBe(said)
    expect(warnings).toEqual([
      {
        code: 'not-kept',
        text: `the history cannot be written: ${said}; this run is held in memory until it can`,
      },
    ])
    // Nobody else can know; to them it goes on, up to where it was written.
    expect(await elsewhere().summary(runId)).toMatchObject({ status: 'running' })

    disk.empty()
    expect(await history.settle(runId, 60_000)).toBeNull()
    expect(await found(history)).toEqual(whole)
    expect(await found(elsewhere())).toEqual(whole)
    expect((await readdir(join(folder, runId))).filter((name) => name.endsWith('.partial'))).toEqual([])
  })

  it('from the start is one that memory holds a run for as well', async () => {
    disk.fill()
    const recorder = await begin()
    record(recorder, events)
    await recorder.save(finished)
    await recorder.end()
    expect(await found(history)).toMatchObject({ status: 'complete', results: finished, events })

    disk.empty()
    expect(await history.settle(runId, 60_000)).toBeNull()
    expect(await found(elsewhere())).toEqual(whole)
  })

  it('comes back in the middle of a run, which then has no hole', async () => {
    const recorder = await begin()
    disk.fill()
    record(recorder, events.slice(0, 5))
    await recorder.save(begun)
    disk.empty()
    record(recorder, events.slice(5))
    await recorder.save(finished)
    await recorder.end()

    expect(await found(elsewhere())).toEqual(whole)
    expect(warnings.map(({ code }) => code)).toEqual(['not-kept', 'kept-late'])
  })

  it('lets a run be deleted, which makes room', async () => {
    const recorder = await begin()
    disk.fill()
    await recorder.save(finished)
    await recorder.end()

    await history.remove(runId)
    expect(await history.list()).toEqual([])
    expect(await elsewhere().list()).toEqual([])
    disk.empty()
    await recorder.tryAgain()
    await expect(access(join(folder, runId))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('loses no more than what it never took, where the host is killed meanwhile', async () => {
    const recorder = await begin()
    record(recorder, events.slice(0, 5))
    await recorder.save(begun)
    disk.fill()
    record(recorder, events.slice(5))
    await recorder.save(finished)
    disk.empty()
    await loseOwner()

    // What still fitted into the last page of the file is there, too: whole lines, and the beginning of them all.
    const left = await found(elsewhere())
    expect(left.status).toBe('interrupted')
    const kept = left.events.filter((event) => event.type !== 'warning' || event.code !== 'recording-gaps')
    expect(kept.length).toBeGreaterThanOrEqual(5)
    expect(kept).toEqual(events.slice(0, kept.length))
    await recorder.discard()
  })
})

describe.skipIf(available === null)(`a disk that becomes read-only${why}`, () => {
  it('is written again when it may be', async () => {
    const disk = mountTinyFileSystem('4m') as TinyFileSystem
    try {
      open(disk.folder)
      disk.setWritable(false)
      const recorder = await begin()
      record(recorder, events)
      await recorder.save(finished)
      await recorder.end()
      expect(await found(history)).toMatchObject({
        remark: 'not on the disk yet: the file system is read-only',
      })

      disk.setWritable(true)
      await vi.waitFor(async () => expect(await found(elsewhere())).toEqual(whole), 20_000)
    } finally {
      disk.dispose()
    }
  })
})
