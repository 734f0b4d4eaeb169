import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ddpResultsSchema } from '../core/results/ddp-results.js'
import { readResults } from '../core/results/results-file.js'
import type { FakeBehaviour } from '../core/run/fake-host.fixture.js'
import { resultsSchema } from '../shared/results/results.js'
import { type CommandLineOptions, commandLine } from './command-line.fixture.js'

let folder: string
let outputFile: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-command-line-'))
  outputFile = join(folder, 'results.json')
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

const small = [
  '--dataset',
  'synthetic',
  '--backend',
  'wasm',
  '--per-gpu-batch-size',
  '8',
  '--num-workers',
  '0',
]

function tandem(line: string, options: Partial<CommandLineOptions> & { behaviour?: FakeBehaviour } = {}) {
  const args = line.split(' ')
  return commandLine([...args, ...small, '--output-file', outputFile], { folder, ...options })
}

describe('tandem run', () => {
  const run = 'run --devices cpu:2 --batch-size-single 16'

  it('prints as the notebook did, marks what so few steps are worth, and writes the results', async () => {
    const { exitCode, stdout, stderr } = await tandem(run)
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(stdout.split('\n').filter((line) => /^\[(Single|DDP)\] Epoch|^Mean|^Speedup/.test(line))).toEqual([
      '[Single] Epoch 1/2 - loss: 2.2500 - time: 0.500 s',
      '[Single] Epoch 2/2 - loss: 1.2500 - time: 0.500 s',
      '[DDP] Epoch 1/2 - loss: 2.2500 - time: 1.500 s',
      '[DDP] Epoch 2/2 - loss: 1.2500 - time: 1.500 s',
      'Mean epoch time Single: 0.500 s',
      'Mean epoch time Single (all cores): N/A (WebAssembly computes on one thread; more cores would be idle)',
      'Mean epoch time DP: 0.500 s',
      'Mean epoch time DDP: 1.500 s',
      'Speedup Single (all cores) vs Single: N/A (WebAssembly computes on one thread; more cores would be idle)',
      'Speedup DP vs Single: 1.00x (96.0 images/s, Single 96.0 images/s; efficiency 50.0 % on 2 CPU devices; no interval: one repeat) (unreliable)',
      'Speedup DDP vs Single: 0.33x (32.0 images/s, Single 96.0 images/s; efficiency 16.7 % on 2 CPU devices; no interval: one repeat) (unreliable)',
    ])
    expect(stdout).toContain('Engine: WebAssembly (asked for with --backend wasm)\n')
    expect(stdout).toContain('Single runs on 1 of 2 CPU devices, the others idle.\n')
    const results = await readResults(outputFile)
    expect(results).toMatchObject({
      status: 'complete',
      configuration: { preset: 'custom', dataset: 'synthetic' },
    })
    expect(stdout).toContain(`Results: ${outputFile}\n`)
  })

  it('says which engine it fell back to, and why', async () => {
    const args = ['run', '--preset', 'quick', '--strategies', 'single', '--output-file', outputFile]
    const { exitCode, stdout } = await commandLine(args, { folder })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Engine: WebAssembly (no TensorFlow: no Python on PATH answers)\n')
    expect(stdout).toContain('\nTuning for this processor, once: Single (1 of 1)\n')
    expect(stdout).toMatch(/^quick: takes about .* here; 3 blocks of 1 measurement, \d/m)
    const { configuration, notes } = await readResults(outputFile)
    expect(configuration.samplesPerEpoch).toBeGreaterThan(0)
    expect(notes.at(-1)).toMatch(/^quick: /)
  })

  it('lets flags override a preset', async () => {
    await tandem('run --preset quick --strategies single --epochs 3 --lr 0.025 --samples-per-epoch 64')
    const { configuration } = await readResults(outputFile)
    expect(configuration).toMatchObject({
      preset: 'quick',
      epochs: 3,
      learningRate: 0.025,
      batchSizeSingle: 64,
    })
  })

  it('goes on after a failed strategy, ends with exit code 1 and says why', async () => {
    const { exitCode, stdout } = await tandem(`${run} --strategies single,ddp`, {
      behaviour: { fault: 'exit-3', rank: 1 },
    })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^\[DDP\] failed \(rank 1\): DDP rank 1 failed with exit code 3\. /m)
    expect(stdout).toContain('Mean epoch time Single: 0.500 s\n')
    expect(stdout).toContain('Speedup DDP vs Single: N/A (DDP failed)\n')
    expect(await readResults(outputFile)).toMatchObject({ status: 'failed' })
  })

  it('skips what needs two devices, with exit code 0', async () => {
    const { exitCode, stdout } = await tandem('run --devices cpu:1 --batch-size-single 16')
    expect(exitCode).toBe(0)
    expect(stdout).toContain(
      '[DP] skipped: DataParallel needs at least 2 devices; --devices cpu:1 is 1 CPU device\n',
    )
    expect(stdout).toMatch(/^Mean epoch time DP: N\/A \(DataParallel needs/m)
  })

  it('ends with 130 when interrupted, and keeps what was measured', async () => {
    const { exitCode, stdout } = await tandem(run, {
      interruptAt: 'Epoch 1/2',
      behaviour: { stepDelayMs: 20 },
    })
    expect(exitCode).toBe(130)
    expect(stdout).toContain('Stopped: what was measured up to then is kept.')
    const results = await readResults(outputFile)
    expect(results.status).toBe('cancelled')
    expect(results.measurements[0]?.epochTimes).toEqual([0.5])
  })

  it('prints the results alone on standard output with --json', async () => {
    const { stdout, stderr } = await tandem(`${run} --json --strategies single`)
    expect(resultsSchema.parse(JSON.parse(stdout)).status).toBe('complete')
    expect(stderr).toContain('[Single] Epoch 1/2')
  })
})

describe('tandem ddp', () => {
  it('writes epoch_times and what else a reader needs', async () => {
    const { exitCode } = await tandem('ddp --nproc-per-node 2 --evaluate')
    expect(exitCode).toBe(0)
    const document = ddpResultsSchema.parse(JSON.parse(await readFile(outputFile, 'utf8')))
    expect(document).toMatchObject({
      status: 'complete',
      world_size: 2,
      epoch_times: [1.5, 1.5],
      mean_epoch_time: 1.5,
      losses: [2.25, 1.25],
      test_accuracies: [0.5, 0.5],
      images_per_second: 32,
      per_gpu_batch_size: 8,
      global_batch_size: 16,
      devices: ['CPU:0', 'CPU:1'],
      backend: 'wasm',
    })
  })

  it('runs one process alone, as torchrun does', async () => {
    const { exitCode } = await tandem('ddp --nproc-per-node 1')
    expect(exitCode).toBe(0)
    const document = ddpResultsSchema.parse(JSON.parse(await readFile(outputFile, 'utf8')))
    expect(document).toMatchObject({ world_size: 1, epoch_times: [0.5, 0.5], collective: null })
  })
})

describe("finding one's way", () => {
  const ask = (...args: string[]) => commandLine(args, { folder })

  it('prints the version', async () => {
    expect(await ask('--version')).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' })
  })

  it('shows a newcomer where to start', async () => {
    const { exitCode, stdout } = await ask('--help')
    expect(exitCode).toBe(0)
    for (const command of ['run', 'ddp', 'devices', 'engine'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
    expect(stdout).toContain('tandem run --preset quick')
  })

  it('groups the flags of a run and gives examples', async () => {
    const { stdout } = await ask('run', '--help')
    const headings = stdout.split('\n').filter((line) => /^[A-Z].*:$/.test(line))
    expect(headings).toEqual([
      'Plan:',
      'Model and data:',
      'Training:',
      'Devices and engine:',
      'Several machines:',
      'Output:',
      'Options:',
      'Examples:',
    ])
  })

  it('asks for a command where none is given', async () => {
    const { exitCode, stderr } = await ask()
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Usage: tandem')
  })
})
