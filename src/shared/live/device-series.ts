import { chartedFigures, type DeviceFigure, sampledDevices } from '../domain/device-figures.js'
import type { RunSample } from './live-event.js'
import { ThinnedSeries, type ThinnedSeriesSnapshot } from './thinned-series.js'

/** The channels of a device's series: the seconds since the run began, which charts lay along the x axis, then figures. */
const channels = 1 + chartedFigures.length

/** The channel of one of the `chartedFigures`. */
export function channelOf(figure: DeviceFigure): number {
  return 1 + chartedFigures.indexOf(figure)
}

const deviceCapacity = 512

/** More no machine has; a recording can be anybody's, and what is beyond is left out. */
const mostDevices = 5_000

/** What the sampler said of each device while a run went on: `GPU:0`, `CPU`, `Core 3`, `DDP rank 1`. */
export class DeviceSeries {
  private readonly byDevice = new Map<string, ThinnedSeries>()

  /** Names in the order in which they first appeared: the processor, its cores, GPUs, then trainers as they come. */
  get devices(): string[] {
    return [...this.byDevice.keys()]
  }

  of(device: string): ThinnedSeries | undefined {
    return this.byDevice.get(device)
  }

  /** @param startedAtMs when the run began, on the same clock as the sample */
  append(sample: RunSample, startedAtMs: number): void {
    const seconds = (sample.atMs - startedAtMs) / 1000
    for (const { name, figures } of sampledDevices(sample)) {
      let series = this.byDevice.get(name)
      if (series === undefined) {
        if (this.byDevice.size >= mostDevices) continue
        series = new ThinnedSeries(channels, deviceCapacity)
        this.byDevice.set(name, series)
      }
      series.append([seconds, ...chartedFigures.map((figure) => figures[figure])])
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
