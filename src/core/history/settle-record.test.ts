import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runMarkdown } from '../export/markdown/run-markdown.js'
import { measuredResults } from '../results/measured-results.fixture.js'
import { type RunFolder, runFolder } from './run-folder.js'
import { RunHistory } from './run-history.js'

let folder: string
let files: RunFolder
const runId = '20260131-142530-9f3a1c'
const history = () => new RunHistory(folder)
const lostResults = {
  code: 'recording-gaps',
  text: 'its results were lost; these are from its recording',
}
const read = async (path: string) => JSON.parse(await readFile(path, 'utf8'))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-settle-'))
  await history().import({ fileName: 'results.json', text: JSON.stringify(measuredResults({ runId })) })
  files = runFolder(join(folder, runId))
})
afterEach(() => rm(folder, { recursive: true }))

const damages = [
  ['empty', (path: string) => truncate(path)],
  ['missing', (path: string) => rm(path)],
  ['full of zeros, as after a power cut', (path: string) => writeFile(path, Buffer.alloc(300))],
  ['the beginning of one', (path: string) => truncate(path, 100)],
] as const

describe.each(damages)('an entry that is %s', (_what, damage) => {
  it('is made again from the results, and says so', async () => {
    await damage(files.summary)
    const [entry] = await history().list()
    expect(entry).toMatchObject({
      runId,
      status: 'complete',
      remark: 'its entry was lost, and made again from its results',
    })
    expect(entry?.measurements.map(({ title }) => title)).toContain('DDP')
    expect(await read(files.summary)).toMatchObject({ rebuiltFrom: 'results' })
  })

  it('is made again from the recording where the results are gone too, and they are as well', async () => {
    const before = await history().results(runId)
    await damage(files.summary)
    await damage(files.results)
    expect(await history().list()).toMatchObject([
      { runId, status: 'complete', remark: 'its entry was lost, and made again from its recording' },
    ])
    const after = await history().results(runId)
    expect(after.measurements.map(({ imagesPerSecond }) => imagesPerSecond)).toEqual(
      before.measurements.map(({ imagesPerSecond }) => imagesPerSecond),
    )
    expect(after.measurements[0]?.ranks[0]?.steps.length).toBe(before.measurements[0]?.ranks[0]?.steps.length)
    expect(after.warnings).toEqual([...before.warnings, lostResults])
    expect(runMarkdown(after, null)).toContain('- Note: Its results were lost; these are from its recording.')
  })
})

describe.each(damages)('results that are %s', (_what, damage) => {
  it('are had from the recording, with a warning', async () => {
    const before = await history().results(runId)
    await damage(files.results)
    const after = await history().results(runId)
    expect(after.measurements.map(({ imagesPerSecond }) => imagesPerSecond)).toEqual(
      before.measurements.map(({ imagesPerSecond }) => imagesPerSecond),
    )
    expect(after.warnings).toEqual([...before.warnings, lostResults])
  })
})

describe('results', () => {
  it('that cannot be read are kept, where the entry is made again without them', async () => {
    await rm(files.summary)
    await writeFile(files.results, '{"format":"tandem-results","version":2,"half":')
    await history().list()
    expect(await readFile(`${files.results}.damaged`, 'utf8')).toContain('"half"')
    expect((await history().results(runId)).status).toBe('complete')
  })

  it('of a later Tandem are not taken for lost', async () => {
    await writeFile(files.results, '{"format":"tandem-results","version":99}')
    await expect(history().results(runId)).rejects.toMatchObject({ code: 'results-too-new' })
  })

  it('are lost where the recording is of another run', async () => {
    await rm(files.results)
    await writeFile(files.recording, (await readFile(files.recording, 'utf8')).replaceAll('9f3a1c', '000000'))
    await expect(history().results(runId)).rejects.toMatchObject({ code: 'results-unreadable' })
  })
})

describe('an entry', () => {
  it('of a recording that breaks off is one of an interrupted run', async () => {
    await rm(files.summary)
    await rm(files.results)
    const lines = (await readFile(files.recording, 'utf8')).split('\n')
    await writeFile(files.recording, `${lines.slice(0, 12).join('\n')}\n{"atMs":9`)
    expect(await history().list()).toMatchObject([{ runId, status: 'interrupted' }])
    expect((await history().results(runId)).status).toBe('incomplete')
  })

  it('of a later Tandem is left as it is', async () => {
    const later = JSON.stringify({ format: 'tandem-run', version: 2, and: 'more' })
    await writeFile(files.summary, later)
    expect(await history().list()).toEqual([])
    expect(await readFile(files.summary, 'utf8')).toBe(later)
  })

  it('is not made of files that are none of that run', async () => {
    await rm(files.summary)
    await writeFile(files.results, JSON.stringify(measuredResults({ runId: '20260131-142530-000000' })))
    await writeFile(files.recording, 'nothing')
    expect(await history().list()).toEqual([])
  })

  it('of a run whose owner was killed gets its end, once: what the results say, else interrupted', async () => {
    const record = await read(files.summary)
    record.summary.status = 'running'
    record.owner.pid = 2 ** 22 + 1
    await writeFile(files.summary, JSON.stringify(record))
    expect(await history().list()).toMatchObject([{ status: 'complete', remark: null }])

    await writeFile(files.summary, JSON.stringify(record))
    await rm(files.results)
    await rm(files.recording)
    expect(await history().list()).toMatchObject([{ status: 'interrupted' }])
    expect((await read(files.summary)).summary.status).toBe('interrupted')
  })
})
