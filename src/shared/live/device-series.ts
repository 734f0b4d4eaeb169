import type { RunSample } from './live-event.js'
import { ThinnedSeries, type ThinnedSeriesSnapshot } from './thinned-series.js'

/** The channels of a device's series, in order; the first is what charts lay along the x axis. */
export const deviceChannels = [
  /** Since the run began. */
  'seconds',
  /** 0 to 1. */
  'utilisation',
  'memoryBytes',
  'powerWatts',
  'temperatureCelsius',
  'clockMegahertz',
] as const

export type DeviceChannel = (typeof deviceChannels)[number]

export type DeviceMetric = Exclude<DeviceChannel, 'seconds'>

type DeviceValues = Record<DeviceMetric, number | null>

const deviceCapacity = 512

/** What the sampler said of each device while a run went on: `GPU:0`, `CPU`, `Core 3`, `DDP rank 1`. */
export class DeviceSeries {
  private readonly byDevice = new Map<string, ThinnedSeries>()

  /** Names in the order in which they first appeared: GPUs, the processor, its cores, then trainers as they come. */
  get devices(): string[] {
    return [...this.byDevice.keys()]
  }

  of(device: string): ThinnedSeries | undefined {
    return this.byDevice.get(device)
  }

  /** @param startedAtMs when the run began, on the same clock as the sample */
  append(sample: RunSample, startedAtMs: number): void {
    const seconds = (sample.atMs - startedAtMs) / 1000
    for (const [device, values] of devicesIn(sample)) {
      let series = this.byDevice.get(device)
      if (series === undefined) {
        series = new ThinnedSeries(deviceChannels.length, deviceCapacity)
        this.byDevice.set(device, series)
      }
      series.append([
        seconds,
        values.utilisation,
        values.memoryBytes,
        values.powerWatts,
        values.temperatureCelsius,
        values.clockMegahertz,
      ])
    }
  }

  toSnapshot(): DeviceSeriesSnapshot {
    return [...this.byDevice].map(([device, series]) => ({ device, series: series.toSnapshot() }))
  }

  static fromSnapshot(snapshot: DeviceSeriesSnapshot): DeviceSeries {
    const all = new DeviceSeries()
    for (const { device, series } of snapshot) all.byDevice.set(device, ThinnedSeries.fromSnapshot(series))
    return all
  }
}

export type DeviceSeriesSnapshot = { device: string; series: ThinnedSeriesSnapshot }[]

const unknown: DeviceValues = {
  utilisation: null,
  memoryBytes: null,
  powerWatts: null,
  temperatureCelsius: null,
  clockMegahertz: null,
}

function devicesIn({ gpus, cpu, memory, trainers }: RunSample): [device: string, values: DeviceValues][] {
  return [
    ...gpus.map((gpu): [string, DeviceValues] => [
      `GPU:${gpu.index}`,
      {
        utilisation: gpu.utilisation,
        memoryBytes: gpu.memoryUsedBytes,
        powerWatts: gpu.powerWatts,
        temperatureCelsius: gpu.temperatureCelsius,
        clockMegahertz: gpu.coreClockMegahertz,
      },
    ]),
    [
      'CPU',
      {
        utilisation: meanOf(cpu.cores),
        memoryBytes: memory.usedBytes,
        powerWatts: cpu.powerWatts,
        temperatureCelsius: cpu.temperatureCelsius,
        clockMegahertz: cpu.clockMegahertz,
      },
    ],
    ...cpu.cores.map((utilisation, core): [string, DeviceValues] => [
      `Core ${core}`,
      { ...unknown, utilisation },
    ]),
    // A trainer may keep several cores busy: its share is of one.
    ...trainers.map(({ name, coresUsed, memoryBytes }): [string, DeviceValues] => [
      name,
      { ...unknown, utilisation: coresUsed, memoryBytes },
    ]),
  ]
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
