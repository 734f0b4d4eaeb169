import type { DeviceFigure } from '../domain/device-figures.js'
import { largest, smallest } from '../extremes.js'
import { channelOf } from '../live/device-series.js'
import type { LiveRun } from '../live/live-run.js'
import type { ThinnedSeries } from '../live/thinned-series.js'
import { type Device, deviceName, devicesOfRun, sampledNames } from '../machine/device.js'
import type { Measurement } from '../results/results.js'
import { mean } from '../statistics/means.js'

/** How busy the devices were, as the run's telemetry has it. */
export interface DeviceUse {
  /** How long the run took, as far as telemetry goes. */
  seconds: number
  devices: DeviceLine[]
  /** When each measurement trained, its epochs alone, in the order in which they ran. */
  spans: MeasurementSpan[]
  /** Of every strategy that trained, over the time in which it did. */
  strategies: StrategyUse[]
}

export interface DeviceLine {
  /** `GPU:0`, or `CPU:1 (core 1)`. */
  title: string
  points: { seconds: number; utilisation: number }[]
}

export interface MeasurementSpan {
  id: string
  title: string
  fromSeconds: number
  toSeconds: number
}

export interface StrategyUse {
  id: string
  title: string
  /** Mean utilisation of each of `devices`, 0 to 1; null where it was not sampled. */
  utilisation: (number | null)[]
  /** Of all devices together; null where the hardware does not say. */
  meanPowerWatts: number | null
  /** Of the device that had the most. */
  peakMemoryBytes: number | null
  peakTemperatureCelsius: number | null
}

/** Strategies come in the order of `ids`. Null where nothing was sampled, or nothing trained. */
export function deviceUse(
  run: LiveRun,
  measurements: readonly Measurement[],
  ids: readonly string[],
): DeviceUse | null {
  const spans = spansOf(measurements, run.head.startedAtMs)
  const devices = devicesOfRun(measurements).flatMap((device) => sampledDevice(run, device))
  if (spans.length === 0 || devices.length === 0) return null
  const lines = devices.map(({ title, series }) => ({ title, points: meanUtilisation(series) }))
  const trained = ids.filter((id) => spans.some((span) => span.id === id))
  return {
    seconds: largest(
      lines.flatMap(({ points }) => points),
      ({ seconds }) => seconds,
    ),
    devices: lines,
    spans,
    strategies: trained.map((id) => useOf(id, spans, devices, lines)),
  }
}

interface SampledDevice {
  title: string
  /** The GPU's series, or one a core. */
  series: ThinnedSeries[]
}

function sampledDevice(run: LiveRun, device: Device): SampledDevice[] {
  const series = sampledNames(device).flatMap((name) => run.devices.of(name) ?? [])
  if (series.length === 0) return []
  const cores = device.cores.length === 1 ? `core ${device.cores[0]}` : `${device.cores.length} cores`
  return [{ title: device.kind === 'gpu' ? deviceName(device) : `${deviceName(device)} (${cores})`, series }]
}

function spansOf(measurements: readonly Measurement[], startedAtMs: number): MeasurementSpan[] {
  return measurements
    .flatMap(({ id, title, ranks }) => {
      const steps = ranks.flatMap((rank) => rank.steps)
      if (steps.length === 0) return []
      const seconds = (ms: number): number => (ms - startedAtMs) / 1000
      return [
        {
          id,
          title,
          fromSeconds: seconds(smallest(steps, (step) => step.startedAtMs)),
          toSeconds: seconds(largest(steps, (step) => step.startedAtMs + step.stepMs)),
        },
      ]
    })
    .sort((a, b) => a.fromSeconds - b.fromSeconds)
}

/** Every sample has all cores, so their buckets are of the same moments. */
function meanUtilisation(series: readonly ThinnedSeries[]): DeviceLine['points'] {
  const buckets = Math.min(...series.map(({ bucketCount }) => bucketCount))
  return Array.from({ length: buckets }, (_, bucket) => bucket).flatMap((bucket) => {
    const utilisation = mean(series.flatMap((one) => one.mean(channelOf('utilisation'), bucket) ?? []))
    const seconds = series[0]?.mean(0, bucket) ?? null
    return seconds === null || utilisation === null ? [] : [{ seconds, utilisation }]
  })
}

function useOf(
  id: string,
  spans: readonly MeasurementSpan[],
  devices: readonly SampledDevice[],
  lines: readonly DeviceLine[],
): StrategyUse {
  const own = spans.filter((span) => span.id === id)
  const trained = (seconds: number): boolean =>
    own.some(({ fromSeconds, toSeconds }) => seconds >= fromSeconds && seconds <= toSeconds)
  const gpus = devices.filter(({ title }) => title.startsWith('GPU'))
  const power = gpus.flatMap(({ series }) => mean(valuesOf(series, 'powerWatts', 'mean', trained)) ?? [])
  return {
    id,
    title: own[0]?.title ?? id,
    utilisation: lines.map(({ points }) =>
      mean(points.filter(({ seconds }) => trained(seconds)).map(({ utilisation }) => utilisation)),
    ),
    meanPowerWatts: power.length === 0 ? null : power.reduce((sum, watts) => sum + watts, 0),
    peakMemoryBytes: greatest(
      gpus.flatMap(({ series }) => valuesOf(series, 'memoryBytes', 'maximum', trained)),
    ),
    peakTemperatureCelsius: greatest(
      gpus.flatMap(({ series }) => valuesOf(series, 'temperatureCelsius', 'maximum', trained)),
    ),
  }
}

function valuesOf(
  series: readonly ThinnedSeries[],
  figure: DeviceFigure,
  of: 'mean' | 'maximum',
  isWanted: (seconds: number) => boolean,
): number[] {
  return series.flatMap((one) =>
    Array.from({ length: one.bucketCount }, (_, bucket) => bucket)
      .filter((bucket) => isWanted(one.mean(0, bucket) ?? Number.NaN))
      .flatMap((bucket) => one[of](channelOf(figure), bucket) ?? []),
  )
}

function greatest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}
