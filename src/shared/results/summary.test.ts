import { describe, expect, it } from 'vitest'
import type { EpochRecord } from '../child/trainer-protocol.js'
import type { Measurement } from './results.js'
import { summarise } from './summary.js'

const cpu = (index: number, cores = [index]) => ({ kind: 'cpu' as const, index, description: '', cores })

function epoch(seconds: number, images: number): EpochRecord {
  return { epoch: 0, loss: 2, seconds, images, steps: 1, testAccuracy: null, parameterChecksum: '' }
}

function measured(
  id: 'single' | 'single-all-cores' | 'dp' | 'ddp',
  epochs: EpochRecord[],
  changes: Partial<Measurement> = {},
): Measurement {
  return {
    id,
    block: 0,
    strategy: id === 'single-all-cores' ? 'single' : id,
    title: id,
    status: 'completed',
    skipReason: null,
    error: null,
    devices: [cpu(0), cpu(1)].slice(0, id === 'single' ? 1 : 2),
    worldSize: 1,
    globalBatchSize: 64,
    perDeviceBatchSize: 64,
    backend: 'tensorflow',
    backendVersion: '2.21.0',
    collective: null,
    loadMs: 1,
    traceMs: 1,
    firstStepMs: 1,
    firstStepLoss: 2,
    peakMemoryBytes: 1,
    epochs,
    epochTimes: [],
    meanEpochSeconds: null,
    imagesPerSecond: null,
    speedup: null,
    efficiency: null,
    conditions: null,
    ranks: [],
    ...changes,
  }
}

describe('the summary of a run', () => {
  const single = measured('single', [epoch(10, 1000), epoch(12, 1000)])

  it('has the mean epoch time and the throughput over all epochs', () => {
    const [summary] = summarise([single])
    expect(summary).toMatchObject({
      epochTimes: [10, 12],
      meanEpochSeconds: 11,
      speedup: null,
      efficiency: null,
    })
    expect(summary?.imagesPerSecond).toBeCloseTo(2000 / 22)
  })

  it('divides throughputs, and the speedup by the devices', () => {
    const [, ddp] = summarise([single, measured('ddp', [epoch(5.5, 1000), epoch(5.5, 1000)])])
    expect(ddp?.speedup).toBeCloseTo(2)
    expect(ddp?.efficiency).toBeCloseTo(1)
  })

  it('is fair to a larger global batch under a step limit', () => {
    const [, ddp] = summarise([single, measured('ddp', [epoch(11, 2000)])])
    expect(ddp?.speedup).toBeCloseTo(2)
  })

  it('counts Single on all cores by its cores', () => {
    const allCores = measured('single-all-cores', [epoch(5.5, 1000)], { devices: [cpu(0, [0, 1])] })
    const [, summary] = summarise([single, allCores])
    expect(summary?.speedup).toBeCloseTo(2)
    expect(summary?.efficiency).toBeCloseTo(1)
  })

  it('has no speedup where one of the two is missing', () => {
    const skipped = measured('dp', [], { status: 'skipped', skipReason: 'one device' })
    expect(summarise([single, skipped])[1]).toMatchObject({
      meanEpochSeconds: null,
      imagesPerSecond: null,
      speedup: null,
      efficiency: null,
    })
    expect(summarise([measured('dp', [epoch(1, 10)])])[0]).toMatchObject({
      imagesPerSecond: 10,
      speedup: null,
    })
  })
})
