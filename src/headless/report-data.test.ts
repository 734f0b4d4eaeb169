import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { completeRun, recordingOf } from '../core/export/exported-run.fixture.js'
import { formatResults } from '../core/results/results-file.js'
import { commandLine } from './command-line.fixture.js'

const run = completeRun()
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-data-'))
  await mkdir(join(folder, 'run'))
  await writeFile(join(folder, 'run', 'results.json'), formatResults(run))
  const lines = recordingOf(run).map((recorded) => `${JSON.stringify(recorded)}\n`)
  await writeFile(join(folder, 'run', 'recording.jsonl'), lines.join(''))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** `@` stands for the test's folder. */
const tandem = (line: string) => commandLine(line.replaceAll('@', folder).split(' '), { folder })

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort()
}

const text = (path: string) => readFile(join(folder, path), 'utf8')

describe('tandem report with the data of a run', () => {
  it('writes each format where it was asked to, and says where', async () => {
    const { exitCode, stdout, stderr } = await tandem(
      'report @/run --csv @/new/tables --tensorboard @/logs --trace @/t.json --mllog @/m.log --markdown @/run.md',
    )

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.replaceAll(folder, '@').split('\n')).toEqual([
      'CSV: @/new/tables (3 files)',
      'TensorBoard: @/logs (6 files)',
      'Trace: @/t.json',
      'MLLOG: @/m.log',
      'Markdown: @/run.md',
      '',
    ])
    expect(await filesBelow(join(folder, 'new'))).toEqual(
      ['measurements', 'steps', 'telemetry'].map((name) => join('tables', `${name}.csv`)),
    )
    expect((await filesBelow(join(folder, 'logs'))).map((path) => path.replace(/[^/\\]*$/, ''))).toContain(
      join(run.runId, 'ddp', 'repeat-2', '/'),
    )
    expect(JSON.parse(await text('t.json')).otherData.run).toBe(run.runId)
    expect(await text('m.log')).toMatch(/^:::MLLOG /)
    expect(await text('run.md')).toMatch(/^### Tandem: /)
  })

  it('takes the samples of the machine from the recording beside the results', async () => {
    await tandem('report @/run/results.json --csv @/tables')
    expect((await text('tables/telemetry.csv')).split('\r\n')).toHaveLength(30 * 3 + 2)

    await rm(join(folder, 'run', 'recording.jsonl'))
    await tandem('report @/run/results.json --csv @/tables')
    expect((await text('tables/telemetry.csv')).split('\r\n')).toHaveLength(2)
  })

  it('does not take those of another run', async () => {
    await writeFile(join(folder, 'run', 'results.json'), formatResults({ ...run, runId: 'another' }))
    await tandem('report @/run --csv @/tables')

    expect((await text('tables/telemetry.csv')).split('\r\n')).toHaveLength(2)
  })

  it('replaces what it wrote before, and leaves alone what else is in the folder', async () => {
    await mkdir(join(folder, 'tables'))
    await writeFile(join(folder, 'tables', 'steps.csv'), 'old')
    await writeFile(join(folder, 'tables', 'mine.txt'), 'mine')
    await tandem('report @/run --csv @/tables')

    expect(await text('tables/steps.csv')).toMatch(/^run_id,/)
    expect(await filesBelow(join(folder, 'tables'))).toEqual([
      'measurements.csv',
      'mine.txt',
      'steps.csv',
      'telemetry.csv',
    ])
  })

  it('writes what can be written where one of them cannot', async () => {
    await mkdir(join(folder, 'logs'))
    // Where a folder of the export would be.
    await writeFile(join(folder, 'logs', run.runId), '')
    const { exitCode, stdout, stderr } = await tandem(
      'report @/run --csv @/tables --tensorboard @/logs --trace @/t.json --markdown @/run.md',
    )

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^tandem: --tensorboard .*\n$/)
    expect(stdout.replaceAll(folder, '@').split('\n')).toEqual([
      'CSV: @/tables (3 files)',
      'Trace: @/t.json',
      'Markdown: @/run.md',
      '',
    ])
  })

  it('exports what a run that was cut off left behind', async () => {
    const recording = await text('run/recording.jsonl')
    await writeFile(join(folder, 'run', 'recording.jsonl'), recording.slice(0, -10))
    await writeFile(
      join(folder, 'run', 'results.json'),
      formatResults({ ...run, status: 'incomplete', finishedAt: null }),
    )
    const { exitCode } = await tandem('report @/run --csv @/tables --trace @/t.json --markdown @/run.md')

    expect(exitCode).toBe(0)
    expect(await text('tables/measurements.csv')).toContain(',incomplete,')
    expect(JSON.parse(await text('t.json')).otherData.status).toBe('incomplete')
    expect(await text('run.md')).toContain('> **Not finished.**')
  })

  it.each([
    ['report @/run --csv @/run/results.json', /--csv .*results\.json is not a folder/],
    ['report @/run --tensorboard @/run/results.json/logs', /--tensorboard .*is not a folder|ENOTDIR/],
    ['report @/run --trace @/none/t.json', /--trace .*the folder .*none does not exist/],
    ['report @/run --mllog @/run', /--mllog .*it is a folder/],
  ])('is refused before anything is written: %s', async (line, message) => {
    const { exitCode, stdout, stderr } = await tandem(`${line} --markdown @/run.md`)

    expect(stderr).toMatch(message)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    // The data folder is here, too, with the ledger of what this process may leave behind.
    expect((await readdir(folder)).filter((name) => name !== 'hosts')).toEqual(['run'])
  })
})
