import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Measurement, type Results, resultsSchema } from '../src/shared/results/results.js'
import { describeWithTensorFlow } from '../src/trainer/test-support/tensorflow.js'
import { startTandem } from './tandem-process.js'

/*
 * All three strategies, from the command line to results.json, with real trainers on the pictures that ship
 * with Tandem. Two epochs of a few small steps.
 */

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-training-'))
})
afterAll(() => rm(folder, { recursive: true }))

const shortRun = [
  ...[
    'run',
    '--strategies',
    'single,dp,ddp',
    '--dataset',
    'sample',
    '--devices',
    'cpu:2',
    '--num-workers',
    '1',
  ],
  ...[
    '--batch-size-single',
    '16',
    '--per-gpu-batch-size',
    '8',
    '--epochs',
    '2',
    '--max-steps-per-epoch',
    '3',
  ],
  ...['--lr', '0.01', '--seed', '5', '--evaluate'],
]

let runs = 0

async function runTandem(parameters: readonly string[]): Promise<{ output: string; results: Results }> {
  const outputFile = join(folder, `results-${runs++}.json`)
  const tandem = startTandem([...shortRun, ...parameters, '--output-file', outputFile])
  const code = await tandem.ended()
  expect(code, tandem.output()).toBe(0)
  return {
    output: tandem.output(),
    results: resultsSchema.parse(JSON.parse(await readFile(outputFile, 'utf8'))),
  }
}

function measurementOf(results: Results, id: Measurement['id']): Measurement {
  return results.measurements.find((measurement) => measurement.id === id) as Measurement
}

function expectCompleteRun({ output, results }: Awaited<ReturnType<typeof runTandem>>): void {
  expect(results.status).toBe('complete')
  for (const id of ['single', 'dp', 'ddp'] as const) {
    const measurement = measurementOf(results, id)
    expect(measurement).toMatchObject({ id, status: 'completed', globalBatchSize: 16 })
    expect(measurement.epochTimes).toHaveLength(2)
    expect(measurement.epochs.map(({ images, steps }) => [images, steps])).toEqual([
      [48, 3],
      [48, 3],
    ])
    expect(measurement.epochs.every(({ testAccuracy }) => testAccuracy !== null)).toBe(true)
    expect(measurement.ranks.map(({ steps }) => steps.length)).toEqual(id === 'ddp' ? [6, 6] : [6])
  }
  // One seed, the same weights and the same first global batch: batch norm sees shares of it, so nearly equal.
  const firstLoss = (id: Measurement['id']) => {
    const losses = measurementOf(results, id).ranks.map(({ steps }) => steps[0]?.loss as number)
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
  }
  expect(firstLoss('ddp')).toBeCloseTo(firstLoss('single'), 0)
  expect(output).toMatch(/\[Single\] Epoch 1\/2 - loss: \d+\.\d{4} - time: \d+\.\d{3} s/)
  expect(output).toMatch(/Speedup DDP vs Single: \d+\.\d\dx/)
}

describe('tandem run', { timeout: 180_000 }, () => {
  it('trains Single, DP and DDP on wasm', async () => {
    const run = await runTandem(['--backend', 'wasm'])
    expectCompleteRun(run)
    expect(measurementOf(run.results, 'single').backend).toBe('wasm')
    expect(measurementOf(run.results, 'single-all-cores').skipReason).toMatch(/one thread/)
  })

  it('slows a rank on purpose: the other waits for it, every view says so, and nothing is measured by it', async () => {
    const { output, results } = await runTandem([
      ...['--backend', 'wasm', '--strategies', 'single,ddp', '--slow-rank', '1:3x'],
    ])
    const ddp = measurementOf(results, 'ddp')
    expect(ddp.title).toBe('DDP, rank 1 slowed 3x on purpose')
    const [quick, slow] = ddp.ranks.map(({ steps }) => steps.map(({ arrivedAtMs }) => arrivedAtMs ?? 0))
    const late = (slow ?? []).filter((arrivedAtMs, step) => arrivedAtMs > (quick?.[step] ?? 0))
    expect(late.length).toBeGreaterThan((slow?.length ?? 0) / 2)
    expect(output).toContain('this is a demonstration and no measurement')
    expect(output).toContain('Validity: not comparable')
  })

  it('trains one DDP process alone, as torchrun does', async () => {
    const outputFile = join(folder, 'ddp.json')
    const tandem = startTandem([
      ...['ddp', '--nproc-per-node', '1', '--backend', 'wasm', '--dataset', 'sample', '--num-workers', '0'],
      ...[
        '--epochs',
        '1',
        '--per-gpu-batch-size',
        '4',
        '--max-steps-per-epoch',
        '2',
        '--output-file',
        outputFile,
      ],
    ])
    expect(await tandem.ended(), tandem.output()).toBe(0)
    const written = JSON.parse(await readFile(outputFile, 'utf8'))
    expect(written).toMatchObject({ status: 'complete', world_size: 1, epoch_times: [expect.any(Number)] })
  })

  describeWithTensorFlow('with TensorFlow', () => {
    it('trains Single, Single on all cores, DP and DDP', async () => {
      const run = await runTandem(['--backend', 'tensorflow'])
      expectCompleteRun(run)
      expect(measurementOf(run.results, 'single-all-cores').status).toBe('completed')
      expect(measurementOf(run.results, 'ddp').collective).toMatch(/shared memory/)
    })

    it('computes in bfloat16 with --precision mixed: other losses, but close ones', async () => {
      const only = ['--backend', 'tensorflow', '--strategies', 'single']
      const [full, mixed] = await Promise.all([runTandem(only), runTandem([...only, '--precision', 'mixed'])])
      const losses = [full, mixed].map(({ results }) =>
        measurementOf(results, 'single').ranks.flatMap(({ steps }) => steps.map(({ loss }) => loss)),
      ) as [number[], number[]]
      expect(losses[1]).not.toEqual(losses[0])
      // The first only: from there on rounding leads them apart.
      const [fullLoss, mixedLoss] = [losses[0][0] as number, losses[1][0] as number]
      expect(Math.abs(mixedLoss - fullLoss)).toBeLessThan(0.03 * fullLoss)
    })
  })
})
