import { describe, expect, it } from 'vitest'
import { type GpuSample, noGpuFigures } from '../../shared/child/telemetry.js'
import type { GpuSource, GpuSourceOpening } from './gpu-source.js'
import { combineSources } from './gpu-sources.js'

const gpu = (index: number, id: string): GpuSample => ({ index, id, model: id, state: 'ok', ...noGpuFigures })

function opened(name: GpuSource['name'], sample: GpuSource['sample']): GpuSourceOpening {
  return { kind: 'opened', source: { name, sample, close() {} }, problems: [`${name} is slow.`] }
}

describe('sources of GPUs together', () => {
  it('count on, one after the other', () => {
    const gpus = combineSources([
      opened('nvml', () => [gpu(2, 'GPU-c'), gpu(3, 'GPU-d')]),
      opened('amd-sysfs', () => [gpu(0, 'amd-a'), gpu(1, 'amd-b')]),
    ])
    expect(gpus.sources).toEqual(['nvml', 'amd-sysfs'])
    expect(gpus.sample(0).map(({ index, id }) => [index, id])).toEqual([
      [2, 'GPU-c'],
      [3, 'GPU-d'],
      [4, 'amd-a'],
      [5, 'amd-b'],
    ])
  })

  it('do not fail when one of them does', () => {
    const broken = opened('nvml', () => {
      throw new Error('a driver that answers nonsense')
    })
    const gpus = combineSources([broken, opened('amd-sysfs', () => [gpu(0, 'amd-a')])])
    expect(gpus.sample(0).map(({ id }) => id)).toEqual(['amd-a'])
  })

  it('tell all that is wrong, and nothing of those that are not expected', () => {
    const gpus = combineSources([
      { kind: 'failed', problem: 'NVML: no driver.' },
      { kind: 'absent' },
      opened('amd-sysfs', () => []),
    ])
    expect(gpus).toMatchObject({
      sources: ['amd-sysfs'],
      problems: ['NVML: no driver.', 'amd-sysfs is slow.'],
    })
  })
})
