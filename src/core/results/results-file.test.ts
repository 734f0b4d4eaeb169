import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Results } from '../../shared/results/results.js'
import { notebookPreset } from '../../shared/run/presets.js'
import { fakeRun } from '../run/fake-run.fixture.js'
import { RunDocument } from '../run/run-document.js'
import { parseResults, ResultsFile, readResults } from './results-file.js'

let folder: string
const results = (): Results => new RunDocument(fakeRun()).snapshot()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-results-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('writing results', () => {
  it('reads back as it was, and leaves nothing else in the folder', async () => {
    const file = await ResultsFile.open(join(folder, 'results.json'))
    expect(await readdir(folder)).toEqual([])
    await file.write(results())
    await file.write({ ...results(), status: 'complete' })
    expect(await readdir(folder)).toEqual(['results.json'])
    expect(await readResults(file.path)).toEqual({
      ...results(),
      status: 'complete',
      startedAt: expect.any(String),
    })
  })

  it('leaves an existing file as it is until there are results', async () => {
    const path = join(folder, 'results.json')
    await writeFile(path, 'precious')
    await ResultsFile.open(path)
    expect(await readFile(path, 'utf8')).toBe('precious')
  })

  it('replaces the file, not what reads it: a reader keeps the old content', async () => {
    const path = join(folder, 'results.json')
    await writeFile(path, 'old')
    await link(path, join(folder, 'reader'))
    await (await ResultsFile.open(path)).write(results())
    expect(await readFile(join(folder, 'reader'), 'utf8')).toBe('old')
  })

  it('writes through a link, which stays one', async () => {
    await mkdir(join(folder, 'elsewhere'))
    const target = join(folder, 'elsewhere', 'target.json')
    await writeFile(target, '')
    const path = join(folder, 'link.json')
    await symlink(target, path)
    await (await ResultsFile.open(path)).write(results())
    expect(await readlink(path)).toBe(target)
    expect((await readResults(target)).runId).toBe(results().runId)
  })

  it('never writes a document that a reader would refuse', async () => {
    const file = await ResultsFile.open(join(folder, 'results.json'))
    const invalid = { ...results(), configuration: { ...notebookPreset, epochs: 0 } }
    await expect(file.write(invalid)).rejects.toThrow(/epochs/)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('an output file that cannot be written', () => {
  it.each([
    ['no/such/folder/r.json', /^--output-file .*: the folder .*no\/such\/folder does not exist$/],
    ['a-file/r.json', /: .*a-file is not a folder$/],
    ['a-folder', /: it is a folder$/],
  ])('%s is refused with the reason', async (name, message) => {
    await writeFile(join(folder, 'a-file'), '')
    await mkdir(join(folder, 'a-folder'))
    await expect(ResultsFile.open(join(folder, name))).rejects.toMatchObject({
      code: 'output-not-writable',
      message: expect.stringMatching(message),
    })
  })

  it('is refused when it is a device: it would be replaced by a file', async () => {
    await expect(ResultsFile.open('/dev/null')).rejects.toThrow(/it is not an ordinary file/)
  })

  it.skipIf(process.getuid?.() === 0)(
    `is refused without permission${process.getuid?.() === 0 ? ' (skipped: root may write anywhere)' : ''}`,
    async () => {
      await chmod(folder, 0o500)
      await expect(ResultsFile.open(join(folder, 'r.json'))).rejects.toThrow(/you may not write there/)
      await chmod(folder, 0o700)
    },
  )
})

describe('reading results', () => {
  const text = (changes: object): string => JSON.stringify({ ...results(), ...changes })

  it.each([
    ['not JSON', '{ "format"', 'results-invalid', /^r\.json cannot be used: /],
    ['another document', '{"a":1}', 'results-invalid', /not a Tandem results document \(format: undefined\)/],
    ['a list', '[]', 'results-invalid', /not a Tandem results document/],
    [
      'a later version',
      text({ version: 99 }),
      'results-too-new',
      /r\.json has version 99; this Tandem reads version 2/,
    ],
    ['a missing field', text({ machine: {} }), 'results-invalid', /machine\.hostName/],
  ])('refuses %s, naming the file', (_what, content, code, message) => {
    let thrown: unknown
    try {
      parseResults(content, 'r.json')
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('reads a document of version 1, which knew no blocks, as one block', () => {
    const { measurements, ...rest } = results()
    const before = { ...rest, version: 1, measurements: measurements.map(({ block, ...others }) => others) }

    const { version, measurements: now } = parseResults(JSON.stringify(before), 'r.json')
    expect(version).toBe(2)
    expect(now.map(({ block }) => block)).toEqual(measurements.map(() => 0))
  })

  it('reads a document that knows nothing of the machine’s state', () => {
    const measured: Results = { ...results(), measurements: fakeRun().measurements }
    const { warnings, environment, measurements, ...rest } = measured
    const before = { ...rest, measurements: measurements.map(({ conditions, firstStepLoss, ...one }) => one) }

    expect(parseResults(JSON.stringify(before), 'r.json')).toEqual(measured)
  })

  it('says which file cannot be read', async () => {
    await expect(readResults(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'results-unreadable',
      message: expect.stringContaining('none.json'),
    })
  })
})
