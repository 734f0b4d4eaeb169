import { describe, expect, it } from 'vitest'
import type { TrainerJob, TuningProgress } from '../../shared/child/trainer-protocol.js'
import { fakeHost, fakeJob } from './fake-host.fixture.js'
import { distinctTunings, tune } from './tune.js'

const signal = new AbortController().signal
const autotune = { cacheDirectory: 'cache', budgetMs: 60_000, report: false }

describe('tuning as a stage of its own', () => {
  it('runs one process, tells how far it is, and returns what was found', async () => {
    const host = fakeHost()
    const heard: TuningProgress[] = []
    const onProgress = (progress: TuningProgress) => void heard.push(progress)
    const ddp = fakeJob({ strategy: 'ddp', rank: 0, worldSize: 2, autotune })
    const record = await tune(ddp, { host, signal, onProgress })
    expect(host.pids).toHaveLength(1)
    expect(heard).toEqual([
      { timed: 0, toTime: 2, elapsedMs: 0, remainingMs: null },
      { timed: 2, toTime: 2, elapsedMs: 4, remainingMs: 0 },
    ])
    expect(record).toEqual({ tuneMs: 4, convolutions: 3, timed: 2, cached: 1, changed: 1 })
  })

  it('starts nothing where convolutions are left to the engine', async () => {
    const host = fakeHost()
    expect(await tune(fakeJob({ autotune: null }), { host, signal, onProgress() {} })).toBeNull()
    expect(host.pids).toEqual([])
  })

  it('throws what the trainer failed with', async () => {
    const host = fakeHost({ fault: 'report' })
    await expect(tune(fakeJob({ autotune }), { host, signal, onProgress() {} })).rejects.toMatchObject({
      code: 'out-of-memory',
    })
  })

  it('ends with its signal', async () => {
    const controller = new AbortController()
    const options = {
      host: fakeHost({ fault: 'hang' }),
      signal: controller.signal,
      onProgress: () => controller.abort(),
    }
    expect(await tune(fakeJob({ autotune }), options)).toBeNull()
  })
})

describe('which measurements need a tuning of their own', () => {
  const core = (index: number): TrainerJob['devices'][number] => ({
    kind: 'cpu',
    index,
    description: `CPU device, core ${index}`,
    cores: [index],
  })
  const job = (changes: Partial<TrainerJob>) => fakeJob({ devices: [core(0)], batchSize: 16, ...changes })

  it('DDP takes over what Single of its batch a rank has timed; DP, other batches and more threads do not', () => {
    const single = job({ strategy: 'single' })
    const rank = job({ strategy: 'ddp', worldSize: 2, devices: [core(1)] })
    const dp = job({ strategy: 'dp', devices: [core(0), core(1)] })
    const allCores = job({ strategy: 'single', devices: [{ ...core(0), cores: [0, 1] }] })
    const largerBatch = job({ batchSize: 32 })
    const mixed = job({ precision: 'mixed' })
    expect(distinctTunings([single, rank, dp, allCores, largerBatch, mixed])).toEqual([
      single,
      dp,
      allCores,
      largerBatch,
      mixed,
    ])
  })
})
