import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LiveRun } from '../../shared/live/live-run.js'
import { tidyName, tidyNotes } from '../../shared/results/history-entry.js'
import { strategyResults } from '../../shared/results/strategy-results.js'
import { measuredResults } from '../results/measured-results.fixture.js'
import { findRun } from './find-run.js'
import { runFolder } from './run-folder.js'
import { RunHistory } from './run-history.js'
import { searchRuns } from './search-runs.js'

let folder: string
let history: RunHistory

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-history-'))
  history = new RunHistory(folder)
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const [older, newer] = ['20260131-142530-9f3a1c', '20260201-080000-00ff00']

function add(runId = older, changes: object = {}): Promise<string> {
  const text = JSON.stringify({ ...measuredResults({ runId }), ...changes })
  return history.import({ fileName: 'results.json', text })
}

const listed = async (): Promise<string[]> => (await history.list()).map(({ runId }) => runId)

describe('a run of a newer Tandem, which shares the folder', () => {
  const ofNewer = { format: 'tandem-run', version: 2, summary: { what: 'nobody knows yet' } }
  const entryFile = (): string => runFolder(join(folder, newer)).summary

  it('is left as it is, and said to be one', async () => {
    await add()
    await mkdir(join(folder, newer))
    await writeFile(entryFile(), JSON.stringify(ofNewer))

    expect(await listed()).toEqual([older])
    expect(await history.ofLaterVersion()).toEqual([newer])
    await expect(history.summary(newer)).rejects.toMatchObject({ code: 'run-too-new' })
    await expect(findRun(history, newer)).rejects.toMatchObject({ code: 'run-too-new' })
    expect(JSON.parse(await readFile(entryFile(), 'utf8'))).toEqual(ofNewer)
  })
})

describe('names and notes', () => {
  it('are kept beside the run, and seen by every process that reads the history', async () => {
    await add()
    const elsewhere = new RunHistory(folder)
    await elsewhere.list()
    await history.label(older, { name: 'before the fix' })
    await history.label(older, { notes: 'the fan was loud' })

    const label = { name: 'before the fix', notes: 'the fan was loud' }
    expect(await history.summary(older)).toMatchObject({ label })
    expect(await elsewhere.list()).toMatchObject([{ label }])
    expect(JSON.parse(await readFile(runFolder(join(folder, older)).summary, 'utf8'))).not.toHaveProperty(
      'label',
    )
  })

  it('are found by a search, as words in any case', async () => {
    await add()
    await add(newer)
    await history.label(newer, { name: 'Before the FIX', notes: 'fan loud' })

    const runs = await history.list()
    expect(searchRuns(runs, 'fix loud workstation').map(({ runId }) => runId)).toEqual([newer])
    expect(searchRuns(runs, 'fix quiet')).toEqual([])
  })

  it('of a file that nobody can read are none', async () => {
    await add()
    for (const text of ['{', '{"format":"tandem-run-label","version":1,"name":7}']) {
      await writeFile(runFolder(join(folder, older)).label, text)
      expect((await new RunHistory(folder).summary(older)).label).toEqual({ name: null, notes: '' })
    }
  })

  it.skipIf(process.platform === 'win32')(
    'take the place of a link, and leave what it leads to',
    async () => {
      await add()
      const precious = join(folder, 'precious')
      await writeFile(precious, 'mine')
      const files = [runFolder(join(folder, older)).label, join(folder, 'baseline.json')]
      for (const file of files) await symlink(precious, file)

      await history.label(older, { name: 'mine, too' })
      await history.pin(older)
      expect(await readFile(precious, 'utf8')).toBe('mine')
      expect(await history.summary(older)).toMatchObject({ label: { name: 'mine, too' }, isBaseline: true })
    },
  )

  it('are one line and lines, without what cannot be seen', () => {
    expect(tidyName(' a\u0000\u001b[2J\n b\u2028c ')).toBe('a [2J b c')
    expect(tidyName('\n\t ')).toBeNull()
    expect(tidyNotes('one\r\ntwo\u0007\n')).toBe('one\ntwo')
  })

  it('cannot be given to a run that is not there', async () => {
    await expect(history.label(older, { name: 'x' })).rejects.toMatchObject({ code: 'run-missing' })
    await expect(history.label('../x', { name: 'x' })).rejects.toMatchObject({ code: 'run-missing' })
  })
})

describe('a deleted run', () => {
  it('is in no list, and comes back whole', async () => {
    await add()
    await history.label(older, { name: 'kept' })
    await history.remove(older)
    expect(await listed()).toEqual([])
    await expect(history.results(older)).rejects.toMatchObject({ code: 'results-unreadable' })

    await history.restore(older)
    expect(await history.list()).toMatchObject([{ runId: older, label: { name: 'kept' } }])
    expect((await history.results(older)).measurements).not.toEqual([])
  })

  it('is gone for good once it has lain there long enough', async () => {
    await add()
    await add(newer)
    await history.remove(older)
    const longAgo = new Date(Date.now() - 3_600_000)
    await utimes(join(folder, '.aside', older), longAgo, longAgo)
    await history.remove(newer)

    await expect(history.restore(older)).rejects.toMatchObject({ code: 'run-missing' })
    await history.restore(newer)
    expect(await listed()).toEqual([newer])
    expect(await readdir(join(folder, '.aside'))).toEqual([])
  })

  it('does not take the place of one that was imported again meanwhile', async () => {
    await add()
    await history.remove(older)
    await add()
    await expect(history.restore(older)).rejects.toMatchObject({ code: 'run-missing' })
    await history.remove(older)
    await history.restore(older)
    expect(await listed()).toEqual([older])
  })

  it('is not one that is not there, and not one that is under way', async () => {
    await expect(history.remove(older)).rejects.toMatchObject({ code: 'run-missing' })
    await expect(history.restore('..')).rejects.toMatchObject({ code: 'run-missing' })
    await add()
    const { summary } = runFolder(join(folder, older))
    const record = JSON.parse(await readFile(summary, 'utf8'))
    record.summary.status = 'running'
    await writeFile(summary, JSON.stringify(record))
    const reread = new RunHistory(folder)
    await expect(reread.remove(older)).rejects.toMatchObject({ code: 'run-active' })
    await expect(reread.pin(older)).rejects.toMatchObject({ code: 'run-active' })
  })
})

describe('the baseline', () => {
  it('is one run, known to every process', async () => {
    await add()
    await add(newer)
    expect(await history.baseline()).toBeNull()
    await history.pin(older)
    await history.pin(newer)

    const runs = await new RunHistory(folder).list()
    expect(runs.map(({ isBaseline }) => isBaseline)).toEqual([true, false])
    expect(await history.baseline()).toMatchObject({ runId: newer, isBaseline: true })
    await history.pin(null)
    expect(await history.baseline()).toBeNull()
  })

  it('is none once its run is deleted, and is back with it', async () => {
    await add()
    await history.pin(older)
    await history.remove(older)
    expect(await history.baseline()).toBeNull()
    await history.restore(older)
    expect(await history.baseline()).toMatchObject({ runId: older })
  })

  it('cannot be a run that is not there', async () => {
    await expect(history.pin(older)).rejects.toMatchObject({ code: 'run-missing' })
  })
})

describe('an imported run', () => {
  it('is listed with its own machine and marked as imported, with all of its results', async () => {
    expect(await add()).toBe(older)
    expect(await history.list()).toMatchObject([
      {
        runId: older,
        hostName: 'workstation',
        status: 'complete',
        imported: { fileName: 'results.json', importedAt: expect.any(String) },
      },
    ])
    expect((await history.results(older)).measurements).toHaveLength(8)
    expect(await readdir(folder)).toEqual(expect.arrayContaining([older]))
    expect(await readdir(join(folder, '.aside'))).toEqual([])
  })

  it('is shown and played like any other, without telemetry', async () => {
    await add()
    const run = await history.replay(older)
    expect(run.head).toMatchObject({ status: 'complete', notes: ['Engine: TensorFlow 2.21.0 for CPU'] })
    expect(run.steps('single')?.group.length).toBe(8)
    expect(run.steps('ddp#2')?.group.length).toBe(8)
    expect(run.steps('ddp')?.stepsPerEpoch).toBe(4)
    expect(run.devices.devices).toEqual([])
    const shown = strategyResults(run.head.measurements, run.head.configuration)
    const { measurements, configuration } = await history.results(older)
    expect(shown.map(({ speedup }) => speedup)).toEqual(
      strategyResults(measurements, configuration).map(({ speedup }) => speedup),
    )

    const { events, next } = await history.recording(older, 0)
    expect(next).toBeNull()
    expect(LiveRun.begin(events[0]?.event as never)?.head.measurements[0]).toMatchObject({
      status: 'running',
      epochs: [],
    })
    const times = events.map(({ atMs }) => atMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  it('is refused where it is here already, and leaves nothing behind', async () => {
    await add()
    await expect(add()).rejects.toMatchObject({ code: 'run-exists' })
    expect(await listed()).toEqual([older])
    expect(await readdir(join(folder, '.aside'))).toEqual([])
  })

  it('gets an id of its own where its id is no name for a folder', async () => {
    const runId = await add('../../etc/passwd')
    expect(runId).toMatch(/^20260131-142530-[0-9a-f]{6}$/)
    expect(await history.results(runId)).toMatchObject({ runId })
  })

  it('was interrupted, if it was under way where it came from', async () => {
    await add(older, { status: 'incomplete', finishedAt: null })
    expect(await history.summary(older)).toMatchObject({ status: 'interrupted' })
    expect((await history.replay(older)).head.status).toBe('incomplete')
  })

  it('of an older version is one of today’s', async () => {
    const { measurements, ...rest } = measuredResults({ blocks: 1 })
    const before = { ...rest, version: 1, measurements: measurements.map(({ block, ...others }) => others) }
    const runId = await history.import({ fileName: 'old.json', text: JSON.stringify(before) })
    expect(await history.results(runId)).toMatchObject({ version: 2 })
  })

  it.each([
    ['nothing', '', 'results-invalid'],
    ['a picture', '\u0089PNG', 'results-invalid'],
    ['another document', '{"format":"tandem-ddp-results"}', 'results-invalid'],
    ['a later version', JSON.stringify({ format: 'tandem-results', version: 99 }), 'results-too-new'],
  ])('is not %s', async (_what, text, code) => {
    await expect(history.import({ fileName: 'f.json', text })).rejects.toMatchObject({ code })
    expect(await listed()).toEqual([])
  })
})
