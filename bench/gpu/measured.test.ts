import { describe, expect, it } from 'vitest'
import {
  type GpuSample,
  lostGpu,
  noGpuFigures,
  type TelemetrySample,
} from '../../src/shared/child/telemetry.js'
import type { Measurement } from '../../src/shared/results/results.js'
import { imagesPerSecond, summariseGpus } from './measured.js'

const identity = { index: 0, id: 'GPU-0', model: 'NVIDIA H100' }
const gpu = (figures: Partial<GpuSample>): GpuSample => ({
  ...noGpuFigures,
  ...identity,
  state: 'ok',
  ...figures,
})
const sample = (...gpus: GpuSample[]) => ({ gpus }) as unknown as TelemetrySample

describe('what a GPU showed while a strategy trained', () => {
  it('is told by means and by the most', () => {
    const summaries = summariseGpus([
      sample(
        gpu({ utilisation: 0.5, powerWatts: 300, memoryUsedBytes: 10, throttleReasons: ['power limit'] }),
      ),
      sample(gpu({ utilisation: 1, powerWatts: 500, memoryUsedBytes: 30, throttleReasons: [] })),
    ])
    expect(summaries).toEqual([
      {
        index: 0,
        model: 'NVIDIA H100',
        samples: 2,
        meanUtilisation: 0.75,
        mostUtilisation: 1,
        meanPowerWatts: 400,
        mostMemoryBytes: 30,
        throttleReasons: ['power limit'],
      },
    ])
  })

  it('is fast by its last epoch', () => {
    const epochs = [
      { images: 100, seconds: 10 },
      { images: 100, seconds: 4 },
    ]
    expect(imagesPerSecond({ epochs } as Measurement)).toBe(25)
    expect(imagesPerSecond({ epochs: [] as Measurement['epochs'] } as Measurement)).toBeNull()
  })

  it('leaves out what a driver does not say, and samples in which the GPU was lost', () => {
    const [summary] = summariseGpus([sample(gpu({ utilisation: 1 })), sample(lostGpu(identity))])
    expect(summary).toMatchObject({ samples: 1, meanUtilisation: 1, meanPowerWatts: null })
    expect(summariseGpus([sample()])).toEqual([])
  })
})
