import { describe, expect, it } from 'vitest'
import { noGpuFigures } from '../child/telemetry.js'
import type { RunSample } from '../live/live-event.js'
import { runSample, runStarted } from '../live/live-run.fixture.js'
import { LiveRun } from '../live/live-run.js'
import { deviceUse } from './device-use.js'
import { measurementOf, runStartedAtMs } from './run-results.fixture.js'

function watchedRun(samples: RunSample[]): LiveRun {
  const run = LiveRun.begin(runStarted([]))
  if (run === null) throw new Error('a run begins with run-started')
  run.apply({ type: 'telemetry', samples })
  return run
}

/** Cores 0 and 1 busy to these shares, so many seconds after the run began. */
function sampleAt(seconds: number, cores: [number, number]): RunSample {
  return runSample(runStartedAtMs + 1000 * seconds, { cpu: { ...runSample(0).cpu, cores } })
}

// In block 0 Single trains from 10 s to 11 s, DDP from 16 s to 16.64 s.
const single = measurementOf('single', 0)
const ddp = measurementOf('ddp', 0)

describe('how busy devices were', () => {
  it('is told by device over the run, and by strategy while it trained', () => {
    const run = watchedRun([
      sampleAt(9, [0.2, 0.2]),
      sampleAt(10.25, [0.8, 0]),
      sampleAt(10.75, [1, 0.1]),
      sampleAt(16.25, [1, 0.5]),
    ])
    const use = deviceUse(run, [single, ddp], ['single', 'ddp'])

    expect(use?.devices.map(({ title }) => title)).toEqual(['CPU:0 (core 0)', 'CPU:1 (core 1)'])
    expect(use?.devices[0]?.points[0]).toEqual({ seconds: 9, utilisation: 0.2 })
    expect(use?.seconds).toBe(16.25)
    expect(use?.spans).toEqual([
      { id: 'single', title: 'Single', fromSeconds: 10, toSeconds: 11 },
      { id: 'ddp', title: 'DDP', fromSeconds: 16, toSeconds: expect.closeTo(16.64) },
    ])
    expect(use?.strategies.map(({ id, utilisation }) => [id, ...utilisation])).toEqual([
      ['single', expect.closeTo(0.9), expect.closeTo(0.05)],
      ['ddp', 1, 0.5],
    ])
  })

  it('is null, not 0, for a strategy that no sample fell into', () => {
    const use = deviceUse(watchedRun([sampleAt(10.5, [1, 0])]), [single, ddp], ['single', 'ddp'])
    expect(use?.strategies[1]?.utilisation).toEqual([null, null])
  })

  it('adds up what GPUs drew, and keeps the most memory and heat', () => {
    const onGpus = measurementOf('ddp', 0, {
      changes: { devices: [0, 1].map((index) => ({ kind: 'gpu', index, description: 'H100', cores: [] })) },
    })
    const gpu = (index: number, powerWatts: number, memoryUsedBytes: number) => ({
      ...noGpuFigures,
      id: `GPU-${index}`,
      index,
      model: 'H100',
      state: 'ok' as const,
      utilisation: 0.9,
      powerWatts,
      memoryUsedBytes,
    })
    const run = watchedRun([
      runSample(runStartedAtMs + 16_100, { gpus: [gpu(0, 300, 5e9), gpu(1, 200, 6e9)] }),
      runSample(runStartedAtMs + 16_400, { gpus: [gpu(0, 320, 7e9), gpu(1, 220, 6e9)] }),
    ])
    expect(deviceUse(run, [onGpus], ['ddp'])?.strategies).toEqual([
      {
        id: 'ddp',
        title: 'DDP',
        utilisation: [0.9, 0.9],
        meanPowerWatts: 520,
        peakMemoryBytes: 7e9,
        peakTemperatureCelsius: null,
      },
    ])
  })

  it('is not told where nothing was sampled, or nothing trained', () => {
    expect(deviceUse(watchedRun([]), [single], ['single'])).toBeNull()
    expect(deviceUse(watchedRun([sampleAt(1, [1, 1])]), [], [])).toBeNull()
  })
})
