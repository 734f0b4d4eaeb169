import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runStarted } from '../../shared/live/live-run.fixture.js'
import { type Results, resultsVersion } from '../../shared/results/results.js'
import { summariseRun } from '../../shared/run/run-summary.js'
import { readIndex, writeIndex } from './entry-index.js'
import { runFolder } from './run-folder.js'
import { RunHistory } from './run-history.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-index-'))
})
afterEach(() => rm(folder, { recursive: true }))

const count = 30
const idOf = (index: number): string => `20260131-142530-${index.toString(16).padStart(6, '0')}`

async function writeRun(index: number, notes: string[] = []): Promise<void> {
  const { configuration, machine } = runStarted([])
  const results: Results = {
    format: 'tandem-results',
    version: resultsVersion,
    runId: idOf(index),
    startedAt: '2026-01-31T14:25:30.000Z',
    finishedAt: '2026-01-31T14:26:30.000Z',
    status: notes.length === 0 ? 'complete' : 'failed',
    configuration,
    warnings: [],
    environment: null,
    notes,
    machine,
    measurements: [],
  }
  const files = runFolder(join(folder, idOf(index)))
  await mkdir(files.directory, { recursive: true })
  const owner = { hostName: 'elsewhere', pid: 1, startTime: 0 }
  const record = { format: 'tandem-run', version: 1, owner, summary: summariseRun(results) }
  await writeFile(files.summary, JSON.stringify(record))
}

/** As a process does that was just started. */
const list = () => new RunHistory(folder).list()
const indexPath = () => join(folder, '.index.json')

/** Long enough ago that a folder is known not to be changing. */
async function age(index: number): Promise<void> {
  const then = new Date(Date.now() - 60_000 - index)
  await utimes(join(folder, idOf(index)), then, then)
}

describe('the index of the history', () => {
  beforeEach(async () => {
    for (let index = 0; index < count; index++) {
      await writeRun(index)
      await age(index)
    }
  })

  it('holds every entry once a list was read, and gives the same list', async () => {
    const first = await list()
    expect(first.map(({ runId }) => runId)).toEqual(
      Array.from({ length: count }, (_, index) => idOf(count - 1 - index)),
    )

    expect([...(await readIndex(folder)).keys()].sort()).toEqual(first.map(({ runId }) => runId).sort())
    expect(await list()).toEqual(first)
  })

  it('is what a list is made of, as long as the folders have not changed', async () => {
    await list()
    const index = await readIndex(folder)
    const indexed = index.get(idOf(7))
    if (indexed?.entry) indexed.entry.label = { name: 'from the index', notes: '' }
    await writeIndex(folder, index)

    expect((await list()).find(({ runId }) => runId === idOf(7))?.label.name).toBe('from the index')
  })

  it('gives way to what the folders say', async () => {
    await list()
    await writeRun(3, ['changed since'])
    await rm(join(folder, idOf(4)), { recursive: true })
    await writeRun(count)

    const after = await list()
    expect(after.map(({ runId }) => runId)).not.toContain(idOf(4))
    expect(after.map(({ runId }) => runId)).toContain(idOf(count))
    expect(after.find(({ runId }) => runId === idOf(3))?.status).toBe('failed')
  })

  it.each([
    ['gone', ''],
    ['cut off', (text: string) => text.slice(0, -100)],
    ['edited', (text: string) => text.replace('complete', 'failed  ')],
    [
      'of another Tandem',
      (text: string) => text.replace(/"entriesLookAs":"[^"]*"/, '"entriesLookAs":"otherwise"'),
    ],
    ['no index', () => 'x'.repeat(100)],
  ])('is made again where it is %s', async (_what, damage) => {
    const before = await list()
    const whole = await readFile(indexPath(), 'utf8')
    if (damage === '') await rm(indexPath())
    else await writeFile(indexPath(), (damage as (text: string) => string)(whole))

    expect(await list()).toEqual(before)
    expect((await readIndex(folder)).size).toBe(count)
  })

  it('is not needed where it cannot be written', async () => {
    await mkdir(indexPath())

    expect(await list()).toHaveLength(count)
  })

  it('answers all who ask while a list is read with one list more', async () => {
    const history = new RunHistory(folder)
    const lists = await Promise.all(Array.from({ length: 50 }, () => history.list()))

    expect(new Set(lists).size).toBe(1)
    await writeRun(count)
    expect(await history.list()).toHaveLength(count + 1)
  })
})
