import { describe, expect, it } from 'vitest'
import { type GpuSample, noGpuFigures } from '../../../shared/child/telemetry.js'
import {
  groupSteps,
  plannedMeasurement,
  runSample,
  runStarted,
} from '../../../shared/live/live-run.fixture.js'
import { LiveRun } from '../../../shared/live/live-run.js'
import type { Device } from '../../../shared/machine/device.js'
import { deviceLines, devicesWith, lateLines, shownDevices } from './device-lines.js'

const bySteps = { axis: 'steps', repeat: null } as const
const gpu: GpuSample = {
  index: 0,
  id: 'GPU-0',
  model: 'H100',
  state: 'ok',
  ...noGpuFigures,
  utilisation: 0.9,
  throttleReasons: [],
  processes: null,
}

/** DDP on so many machines with so many GPUs each. */
function runOn(machines: number, gpus: number): LiveRun {
  const devices = Array.from({ length: machines * gpus }, (_, place): Device => {
    const machine = machines === 1 ? {} : { machine: Math.floor(place / gpus) }
    return { kind: 'gpu', index: place % gpus, description: 'H100', cores: [], ...machine }
  })
  const ddp = plannedMeasurement('ddp', { devices, worldSize: devices.length })
  const run = LiveRun.begin(runStarted([ddp]))
  if (run === null) throw new Error('not begun')
  run.apply({ type: 'phase', id: 'ddp', phase: 'training', stepsPerEpoch: 10 })
  const lateMs = devices.map((_, rank) => rank)
  run.apply({ type: 'steps', id: 'ddp', steps: groupSteps(0, 6, { stepMs: 50, lateMs }) })
  return run
}

/** A sample of one machine, on which each GPU is as busy as it says. */
function seen(run: LiveRun, atMs: number, busy: readonly number[], machine?: number): void {
  const gpus = busy.map((utilisation, index) => ({ ...gpu, index, utilisation }))
  const sample = { ...runSample(atMs, { gpus }), ...(machine !== undefined && { machine }) }
  run.apply({ type: 'telemetry', samples: [sample] })
}

const titles = (lines: readonly { title: string }[]): string[] => lines.map(({ title }) => title)

describe('lines of ranks', () => {
  it('are one a rank up to sixteen', () => {
    const lines = lateLines(runOn(1, 16), bySteps, null, 'light')

    expect(lines).toHaveLength(16)
    expect(lines.slice(0, 2).map(({ title, y }) => [title, y[0]])).toEqual([
      ['Rank 0', 0],
      ['Rank 1', 1],
    ])
  })

  it('are their median and range, and the one that was picked, when they are more', () => {
    const lines = lateLines(runOn(1, 17), bySteps, 'Rank 12', 'light')

    expect(titles(lines)).toEqual(['Median of 17 ranks', 'Rank 12'])
    expect(lines[0]?.y[0]).toBe(8)
    expect(lines[0]?.range?.low[0]).toBe(0)
    expect(lines[0]?.range?.high[0]).toBe(16)
    expect(lines[1]?.y[0]).toBe(12)
  })

  it('are those of one machine where that was picked', () => {
    expect(titles(lateLines(runOn(3, 8), bySteps, 'node 2', 'light'))).toEqual([
      'Median of 24 ranks',
      ...Array.from({ length: 8 }, (_, index) => `Rank ${16 + index}`),
    ])
    const crowded = lateLines(runOn(2, 20), bySteps, 'node 1', 'light')
    expect(titles(crowded)).toEqual(['Median of 40 ranks', 'Median of 20 ranks, node 1'])
    expect(crowded.map(({ y }) => y[0])).toEqual([19.5, 29.5])
  })
})

describe('lines of devices', () => {
  it('are the cores where there is no GPU, and the GPUs where there is', () => {
    const run = runOn(1, 1)
    run.apply({ type: 'telemetry', samples: [runSample(1_000_500)] })
    expect(shownDevices(run)).toEqual(['Core 0', 'Core 1'])
    expect(devicesWith(run, 'memoryBytes')).toEqual(['CPU'])

    seen(run, 1_001_000, [0.9])
    expect(shownDevices(run)).toEqual(['GPU:0'])
  })

  it('have the chart’s unit, and a gap where the hardware does not say', () => {
    const run = runOn(1, 1)
    seen(run, 1_000_500, [0.9])
    const choice = { devices: ['GPU:0'], picked: null }

    expect(deviceLines(run, { ...choice, figure: 'utilisation' }, 'light')[0]?.y).toEqual([90])
    expect(deviceLines(run, { ...choice, figure: 'powerWatts' }, 'light')[0]?.y).toEqual([null])
  })

  it('are joined by time: a machine that came later counts from then on', () => {
    const run = runOn(3, 8)
    const busy = (share: number) => Array.from({ length: 8 }, () => share)
    for (let second = 0; second < 6; second++) {
      const atMs = 1_000_000 + second * 1_000
      seen(run, atMs, busy(0.9), 0)
      seen(run, atMs + 200, busy(0.8), 1)
      if (second >= 3) seen(run, atMs + 400, busy(0.1 * second), 2)
    }
    const devices = shownDevices(run)
    const [median] = deviceLines(run, { devices, figure: 'utilisation', picked: null }, 'light')

    expect(median?.title).toBe('Median of 24 devices')
    expect(median?.range?.low.map((low) => Math.round(low ?? -1))).toEqual([80, 80, 80, 30, 40, 50])
  })

  it('are those of one machine where that was picked', () => {
    const run = runOn(3, 8)
    for (const machine of [0, 1, 2]) seen(run, 1_000_500, [1, 1, 1, 1, 1, 1, 1, 0.5], machine)
    const devices = shownDevices(run)
    const lines = deviceLines(run, { devices, figure: 'utilisation', picked: 'node 1' }, 'light')

    expect(titles(lines).slice(0, 2)).toEqual(['Median of 24 devices', 'node 1 GPU:0'])
    expect(lines).toHaveLength(9)
  })
})
