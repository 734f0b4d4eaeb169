import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync, type Zippable, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TandemError } from '../../../shared/errors.js'
import { piecesOf } from '../../export/exported-run.fixture.js'
import { measuredResults } from '../../results/measured-results.fixture.js'
import { importFile, takeFile } from '../import-file.js'
import { filesOfRun } from '../report-source.js'
import { runFolder } from '../run-folder.js'
import { RunHistory } from '../run-history.js'
import { writeBundle } from './write-bundle.js'

const runId = '20260131-142530-9f3a1c'
let folder: string
let here: RunHistory
let elsewhere: RunHistory

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-bundle-'))
  here = new RunHistory(join(folder, 'here'))
  elsewhere = new RunHistory(join(folder, 'elsewhere'))
  // As a run leaves it: results laid out for people, which an import of results would keep too.
  const text = `${JSON.stringify(measuredResults({ runId }), null, 2)}\n`
  await here.import({ fileName: 'results.json', text })
})
afterEach(() => rm(folder, { recursive: true }))

async function bundle(): Promise<Buffer> {
  const pieces = await piecesOf(writeBundle(runId, await filesOfRun(runId, here)))
  return Buffer.concat(pieces)
}

const path = (name = 'run.tandem'): string => join(folder, name)

async function fileOf(bytes: Uint8Array): Promise<string> {
  await writeFile(path(), bytes)
  return path()
}

/** A bundle with some of its entries changed; null leaves one out. */
async function changed(entries: Record<string, Uint8Array | string | null>): Promise<Uint8Array> {
  const parts: Record<string, Uint8Array> = unzipSync(await bundle())
  for (const [name, content] of Object.entries(entries)) {
    if (content === null) delete parts[name]
    else parts[name] = Buffer.from(content as Uint8Array)
  }
  return zipSync(parts)
}

/** Of everything that the history has on the disk, but for its index. */
async function left(history: RunHistory): Promise<string[]> {
  const names = await readdir(history.directory, { recursive: true }).catch(() => [])
  return names.filter((name) => name !== '.aside' && name !== '.index.json')
}

describe('a run that travels as a bundle', () => {
  it('arrives byte for byte, with its name and its notes', async () => {
    await here.label(runId, { name: 'before the fix', notes: 'the fan was loud' })

    expect(await importFile(elsewhere, await fileOf(await bundle()))).toBe(runId)

    for (const part of ['results', 'recording'] as const) {
      const [sent, arrived] = [here, elsewhere].map((history) =>
        readFile(runFolder(join(history.directory, runId))[part]),
      )
      expect(await arrived).toEqual(await sent)
    }
    expect(await elsewhere.entry(runId)).toMatchObject({
      label: { name: 'before the fix', notes: 'the fan was loud' },
      imported: { fileName: 'run.tandem' },
      status: 'complete',
    })
    const again = await piecesOf(writeBundle(runId, await filesOfRun(runId, elsewhere)))
    expect(Buffer.concat(again)).toEqual(await bundle())
  })

  it('is an archive that any program unpacks', async () => {
    const parts = unzipSync(await bundle())

    expect(Object.keys(parts)).toEqual(['bundle.json', 'results.json', 'recording.jsonl'])
    expect(JSON.parse(strFromU8(parts['bundle.json'] as Uint8Array))).toEqual({
      format: 'tandem-bundle',
      version: 1,
      runId,
    })
  })

  it('has no label where nobody wrote one, and may have been packed by another program', async () => {
    await importFile(elsewhere, await fileOf(zipSync(unzipSync(await bundle()), { level: 9 })))

    expect((await elsewhere.entry(runId)).label).toEqual({ name: null, notes: '' })
  })

  it('is played from its results where it has no recording', async () => {
    await importFile(elsewhere, await fileOf(await changed({ 'recording.jsonl': null })))

    expect((await elsewhere.replay(runId)).head.status).toBe('complete')
  })

  it.each<[string, string, (results: string) => Promise<unknown>]>([
    ['are gone', 'it does not exist', async () => {}],
    ['are a folder', 'it is a folder', (results) => mkdir(results)],
  ])('is not made where its results %s', async (_what, why, put) => {
    const { results } = runFolder(join(here.directory, runId))
    await rm(results)
    await put(results)
    await expect(filesOfRun(runId, here)).rejects.toMatchObject({
      code: 'results-unreadable',
      message: `${results} cannot be read: ${why}`,
    })
  })

  it('is known again where it is already, and replaces nothing', async () => {
    const file = await fileOf(await bundle())
    await importFile(elsewhere, file)
    await elsewhere.label(runId, { name: 'mine' })

    expect(await takeFile(elsewhere, file)).toEqual({ runId, isNew: false })
    await expect(importFile(elsewhere, file)).rejects.toMatchObject({ code: 'run-exists' })
    expect((await elsewhere.entry(runId)).label.name).toBe('mine')
  })

  it('comes from a page as well, and through a link', async () => {
    await elsewhere.import({ fileName: 'run.tandem', source: { kind: 'memory', bytes: await bundle() } })
    await elsewhere.remove(runId)
    await fileOf(await bundle())
    await symlink(path(), path('link'))

    expect(await importFile(elsewhere, path('link'))).toBe(runId)
  })

  it('is told from results by what it is, not by its name', async () => {
    await writeFile(path('results.json'), await bundle())

    expect(await importFile(elsewhere, path('results.json'))).toBe(runId)
  })
})

describe('a hostile bundle', () => {
  const other = '20260131-142531-00aa00'
  const otherResults = () => JSON.stringify(measuredResults({ runId: other }))
  const small = (name: string, options: object = {}): Zippable => ({ [name]: [Buffer.from('x'), options] })
  const withEntries = async (extra: Zippable) => zipSync({ ...unzipSync(await bundle()), ...extra })

  /** Puts bytes into the entry of that name in the archive's directory, at an offset of its header. */
  async function patched(name: string, offset: number, bytes: readonly number[]): Promise<Buffer> {
    const archive = await bundle()
    const header = archive.lastIndexOf(Buffer.from(name)) - 46
    expect(archive.readUInt32LE(header)).toBe(0x02014b50)
    archive.set(bytes, header + offset)
    return archive
  }

  const cases: [what: string, make: () => Promise<Uint8Array>, message: RegExp][] = [
    ['climbs out', () => withEntries(small('../evil')), /"\.\.\/evil", which would lie outside/],
    ['climbs out from within', () => withEntries(small('a/../../evil')), /would lie outside/],
    [
      'names a place of its own',
      () => withEntries(small('/etc/evil')),
      /"\/etc\/evil", which would lie outside/,
    ],
    ['climbs out on Windows', () => withEntries(small('..\\evil')), /evil", which would lie outside/],
    ['brings more', () => withEntries(small('logs/run.log')), /"logs\/run\.log", which no bundle does/],
    [
      'has no end of entries',
      () =>
        withEntries(
          Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`${index}`, Buffer.alloc(0)])),
        ),
      /5003 entries/,
    ],
    [
      'has a link',
      () => withEntries(small('label.json', { os: 3, attrs: 0o120777 << 16 })),
      /label\.json is a link/,
    ],
    [
      'has a folder for a file',
      () => withEntries(small('label.json', { os: 3, attrs: 0o040755 << 16 })),
      /is a link or a folder/,
    ],
    [
      'says that it unpacks to 10 GB',
      () => patched('recording.jsonl', 24, [0, 0, 0, 0xfa]),
      /recording\.jsonl has 3\.\d GiB; 2\.0 GiB are taken/,
    ],
    [
      'would fill the disk',
      () => changed({ 'recording.jsonl': Buffer.alloc(64 * 2 ** 20) }),
      /would unpack from .* to 64\.0 MiB/,
    ],
    [
      'unpacks to more than it says',
      () => patched('recording.jsonl', 24, [9, 0, 0, 0]),
      /it is damaged \(too many bytes/,
    ],
    ['is of two runs', () => changed({ 'results.json': otherResults() }), /its results are of another run/],
    [
      'has the recording of another run',
      async () => {
        const text = strFromU8(unzipSync(await bundle())['recording.jsonl'] as Uint8Array)
        return await changed({ 'recording.jsonl': text.replaceAll(runId, other) })
      },
      /its recording is of another run/,
    ],
    [
      'has a recording that is none',
      () => changed({ 'recording.jsonl': 'GIF89a\n'.repeat(500) }),
      /does not begin a run/,
    ],
    [
      'is of no run',
      () => changed({ 'bundle.json': '{"format":"tandem-bundle","version":1,"runId":"../x"}' }),
      /"\.\.\/x" is no run/,
    ],
    [
      'is of a later Tandem',
      () => changed({ 'bundle.json': `{"format":"tandem-bundle","version":9,"runId":"${runId}"}` }),
      /it has version 9; this Tandem reads version 1/,
    ],
    ['has no results', () => changed({ 'results.json': null }), /without results\.json/],
    [
      'has results that are none',
      () => changed({ 'results.json': '{' }),
      /results\.json cannot be used: it is not JSON/,
    ],
    [
      'has binary results',
      () => changed({ 'results.json': Buffer.from([0, 1, 2]) }),
      /its results\.json is none: it is not text/,
    ],
    [
      'has a novel for a name',
      () =>
        changed({
          'label.json': JSON.stringify({
            format: 'tandem-run-label',
            version: 1,
            name: 'x'.repeat(9_000),
            notes: '',
          }),
        }),
      /its label\.json is none/,
    ],
    ['is cut off', async () => (await bundle()).subarray(0, 900), /it is cut off/],
    [
      'has a hole',
      async () => {
        const bytes = await bundle()
        bytes.fill(0, 200, 260)
        return bytes
      },
      /it is damaged/,
    ],
    [
      'has another checksum',
      () => patched('results.json', 16, [1, 2, 3, 4]),
      /the checksum of its results\.json is another/,
    ],
    [
      'has one name twice',
      async () => {
        const twice = Buffer.from(await changed({ 'recording.jsonl': null, 'resultz.json': otherResults() }))
        for (let at = twice.indexOf('resultz.json'); at !== -1; at = twice.indexOf('resultz.json'))
          twice.write('results.json', at)
        return twice
      },
      /it has results\.json twice/,
    ],
    ['is encrypted', () => patched('results.json', 8, [1, 0]), /its results\.json is encrypted/],
    [
      'is packed in another way',
      () => patched('results.json', 10, [12, 0]),
      /packed in a way that bundles are not/,
    ],
    [
      'is another archive',
      async () => zipSync({ 'word/document.xml': Buffer.from('<w/>') }),
      /which no bundle does/,
    ],
    [
      'is an archive of nothing',
      async () => zipSync({ 'bundle.json': Buffer.from('{}') }),
      /without results\.json/,
    ],
  ]

  it.each(cases)('that %s is refused in a line, and leaves nothing', async (_what, make, message) => {
    const file = await fileOf(await make())
    const refused = await importFile(elsewhere, file).catch((error: unknown) => error)

    expect(refused).toBeInstanceOf(TandemError)
    expect(refused).toMatchObject({ message: expect.stringMatching(message) })
    expect((refused as TandemError).message).toMatch(/^run\.tandem(: results\.json)? cannot be used: [^\n]*$/)
    expect(await left(elsewhere)).toEqual([])
    expect(await readdir(folder)).toEqual(expect.not.arrayContaining(['evil']))
  })

  it('that is stopped leaves nothing', async () => {
    const stop = AbortSignal.abort(new Error('enough'))

    await expect(importFile(elsewhere, await fileOf(await bundle()), stop)).rejects.toThrow('enough')
    expect(await left(elsewhere)).toEqual([])
  })
})

describe('what cannot travel', () => {
  it('is a recording that no Tandem would take in', async () => {
    await truncate(runFolder(join(here.directory, runId)).recording, 3 * 2 ** 30)

    await expect(filesOfRun(runId, here)).rejects.toMatchObject({
      code: 'bundle-too-large',
      message: 'its recording.jsonl has 3.0 GiB; a bundle takes 2.0 GiB at most',
    })
  })
})
