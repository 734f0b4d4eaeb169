import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { resultsSchema } from '../../src/shared/results/results.js'
import { startTandem } from '../tandem-process.js'
import { counted, expectNothingLeft, measureScript } from './measure-script.js'
import { describeWithPyTorch, testPython } from './pytorch.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-script-samples-'))
})
afterEach(async () => {
  await expectNothingLeft(folder)
  await rm(folder, { recursive: true })
})

const command = (how: string): string[] => [testPython, 'batches.py', how]

describeWithPyTorch('a script whose samples are not known for every step', () => {
  it.each(['drawn', 'partly', 'sentences', 'objects'])('has its steps counted: %s', async (how) => {
    const measured = await measureScript(folder, command(how), 1)
    expect(counted(measured)).toEqual({ images: 12, globalBatchSize: 1, steps: [12] })
    expect(measured.ranks[0]?.steps.map(({ images }) => images)).toEqual(Array(12).fill(1))
  })

  it.each([
    ['arrays of NumPy', 'arrays'],
    ['lists of pictures and of what is on them', 'pictures'],
  ])('has those of its loader counted where they are %s', async (_, how) => {
    const measured = await measureScript(folder, command(how), 1)
    expect(counted(measured)).toEqual({ images: 96, globalBatchSize: 8, steps: [12] })
  })

  it('has each step of each rank counted, with its exchange', async () => {
    const measured = await measureScript(folder, command('drawn'), 2)
    expect(counted(measured)).toEqual({ images: 24, globalBatchSize: 2, steps: [12, 12] })
    const steps = measured.ranks.flatMap((rank) => rank.steps)
    expect(steps.every(({ arrivedAtMs }) => arrivedAtMs !== null)).toBe(true)
  })

  it.each([
    ['a global batch', { globalBatch: 16 }, 2, { images: 192, globalBatchSize: 16, steps: [12, 12] }],
    ['a batch for each rank', { perDeviceBatch: 8 }, 1, { images: 96, globalBatchSize: 8, steps: [12] }],
  ])('has so many as was said: %s', async (_, said, ranks, expected) => {
    expect(counted(await measureScript(folder, command('drawn'), ranks, said))).toEqual(expected)
  })

  it('and for one rank alone is not compared in samples', async () => {
    const output = join(folder, 'results.json')
    const scripts = fileURLToPath(new URL('./scripts', import.meta.url))
    const tandem = startTandem(
      [
        ...['measure', '--device-kind', 'cpu', '--repeats', '1', '--steps', '12', '--warm-up', '3'],
        ...['--output-file', output, '--folder', scripts, '--', ...command('fetched-alone')],
      ],
      { TANDEM_DATA_DIR: join(folder, 'data'), PYTHONDONTWRITEBYTECODE: '1' },
    )
    expect(await tandem.ended()).toBe(0)
    const { configuration, notes, measurements } = resultsSchema.parse(
      JSON.parse(await readFile(output, 'utf8')),
    )
    expect(configuration.script?.counts).toBe('steps')
    expect(notes.filter((note) => note.startsWith('Samples: not known'))).toHaveLength(1)
    const images = measurements.map(({ worldSize, epochs }) => [worldSize, epochs[0]?.images])
    expect(Object.fromEntries(images)).toEqual({ 1: 12, 2: 24 })
    expect(tandem.output()).toMatch(/rank steps\/s/)
  })
})
