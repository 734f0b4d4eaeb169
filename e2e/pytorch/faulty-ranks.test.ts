import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { childEnvironment } from '../../src/core/child/child-program.js'
import { spawnNodeChild } from '../../src/core/child/node-child.js'
import { spawnSocketChild } from '../../src/core/child/socket-child.js'
import { ownerOfTemporary } from '../../src/core/leftovers/temporary-name.js'
import { measure } from '../../src/core/run/measure.js'
import { prepareRun } from '../../src/core/run/prepare-run.js'
import { defaultTimeouts, type RunTimeouts } from '../../src/core/run/timeouts.js'
import type { Measurement } from '../../src/shared/results/results.js'
import { presets } from '../../src/shared/run/presets.js'
import { eventually, sharedMemoryFilesOf } from '../tandem-process.js'
import { processesOf } from './measure-script.js'
import { describeWithPyTorch, testPython } from './pytorch.js'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-faulty-rank-'))
})
afterEach(async () => {
  expect(processesOf(folder)).toEqual([])
  expect(sharedMemoryFilesOf(process.pid)).toEqual([])
  expect(readdirSync(tmpdir()).filter((name) => ownerOfTemporary(name)?.pid === process.pid)).toEqual([])
  await rm(folder, { recursive: true })
})

/** DDP on two cores, some steps, in which rank 1 has this fault. */
async function measureWith(
  fault: string,
  {
    signal = new AbortController().signal,
    ...timeouts
  }: Partial<RunTimeouts> & { signal?: AbortSignal } = {},
): Promise<Measurement> {
  const configuration = {
    ...presets.quick,
    ...{
      backend: 'pytorch' as const,
      devices: 'cpu:2',
      strategies: ['ddp' as const],
      stem: 'torchvision' as const,
    },
    ...{ dataset: 'sample' as const, epochs: 1, perGpuBatchSize: 8, samplesPerEpoch: 64, evaluate: false },
    quickChooses: [],
  }
  const prepared = await prepareRun(configuration, {
    ...{
      tandemVersion: '0',
      environment: process.env,
      python: testPython,
      resourcesDirectory: here('../../resources'),
    },
  })
  const [planned] = prepared.measurements
  const trainer = here('faulty_rank.py')
  const backends = prepared.backends.map((one) => (one.name === 'pytorch' ? { ...one, trainer } : one))
  return await measure(planned as Measurement, {
    input: { ...prepared, backends },
    host: {
      ...{ spawn: spawnNodeChild, spawnCommand: spawnSocketChild, entry: '', logDirectory: null },
      environment: {
        ...childEnvironment(process.env),
        ...{ PYTORCH_FAULT: fault, PYTORCH_FAULT_AT: join(folder, 'at-it') },
      },
      timeouts: { ...defaultTimeouts, ...timeouts },
    },
    signal,
    onEvent() {},
    onEpoch() {},
  })
}

describeWithPyTorch('a rank of PyTorch’s', () => {
  it('that raises ends the run with what it raised', async () => {
    const { status, error } = await measureWith('raises')
    expect(status).toBe('failed')
    expect(error).toMatchObject({
      code: 'pytorch',
      message: 'RuntimeError: the batch is upside down',
      rank: 1,
    })
  })

  it('that is killed ends the run as killed, not as a broken connection', async () => {
    const { status, error } = await measureWith('killed')
    expect(status).toBe('failed')
    expect(error).toMatchObject({ code: 'trainer-killed', rank: 1 })
  })

  it('that hangs is missed by the others', async () => {
    const { status, error } = await measureWith('hangs', { collectiveMs: 30_000 })
    expect(status).toBe('failed')
    expect(error).toMatchObject({ code: 'collective-timeout', rank: 0 })
    expect(error?.message).toBe('Rank 0 waited 30 s for another rank, which did not come')
  })

  it('that never comes to where ranks meet is missed by the others', async () => {
    const { status, error } = await measureWith('absent', { collectiveMs: 8_000 })
    expect(status).toBe('failed')
    expect(error).toMatchObject({ code: 'collective-timeout', rank: 0 })
    expect(error?.message).toBe('Rank 0 waited 8 s for another rank, which did not come')
  })

  it('that hears neither a stop nor SIGTERM is killed', async () => {
    const stopping = new AbortController()
    const measured = measureWith('deaf', { signal: stopping.signal })
    await eventually('rank 1 is deaf', 300_000, () => existsSync(join(folder, 'at-it')))
    stopping.abort()
    expect(await measured).toMatchObject({ status: 'cancelled', error: null })
  })

  it('that prints 100 MB is measured', async () => {
    const { status, epochs, worldSize } = await measureWith('prints')
    expect({ status, epochs: epochs.length, worldSize }).toEqual({
      status: 'completed',
      epochs: 1,
      worldSize: 2,
    })
  })
})
