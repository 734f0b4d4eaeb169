import type { GpuDetection } from '../../src/core/devices/gpus.js'
import type { GpuSource, TelemetrySample } from '../../src/shared/child/telemetry.js'
import type { Measurement } from '../../src/shared/results/results.js'
import { formatBytes } from '../../src/shared/text/format.js'

/** What a GPU showed while one strategy trained; null for what the driver keeps to itself. */
export interface GpuSummary {
  index: number
  model: string
  samples: number
  meanUtilisation: number | null
  mostUtilisation: number | null
  meanPowerWatts: number | null
  mostMemoryBytes: number | null
  /** Reasons why clocks were held down, of any sample. */
  throttleReasons: string[]
}

export interface MeasuredStrategy {
  measurement: Measurement
  gpus: GpuSummary[]
}

/** One summary a GPU, over all samples in which it is in order. */
export function summariseGpus(samples: readonly TelemetrySample[]): GpuSummary[] {
  const all = samples.flatMap(({ gpus }) => gpus).filter(({ state }) => state === 'ok')
  const indexes = [...new Set(all.map(({ index }) => index))].toSorted((a, b) => a - b)
  return indexes.map((index) => {
    const own = all.filter((gpu) => gpu.index === index)
    const values = (name: 'utilisation' | 'powerWatts' | 'memoryUsedBytes'): number[] =>
      own.map((gpu) => gpu[name]).filter((value) => value !== null)
    return {
      index,
      model: own[0]?.model ?? '',
      samples: own.length,
      meanUtilisation: mean(values('utilisation')),
      mostUtilisation: most(values('utilisation')),
      meanPowerWatts: mean(values('powerWatts')),
      mostMemoryBytes: most(values('memoryUsedBytes')),
      throttleReasons: [...new Set(own.flatMap(({ throttleReasons }) => throttleReasons ?? []))],
    }
  })
}

/** Of the last epoch, which has nothing of a first one in it; null before there is one. */
export function imagesPerSecond({ epochs }: Measurement): number | null {
  const last = epochs.at(-1)
  return last === undefined ? null : last.images / last.seconds
}

/** What was measured, as a page of `docs/measured` shows it. */
export function measuredMarkdown({
  engine,
  gpuSources,
  detection: { gpus, driverVersion, problems },
  measured,
}: {
  engine: string
  gpuSources: readonly GpuSource[]
  detection: GpuDetection
  measured: readonly MeasuredStrategy[]
}): string {
  const devices = gpus.map(
    ({ index, model, memoryBytes }) => `GPU ${index} ${model}, ${formatBytes(memoryBytes)}`,
  )
  return [
    `- ${devices.join('; ') || 'no usable NVIDIA GPU'}; driver ${driverVersion ?? 'unknown'}`,
    `- ${engine}`,
    `- telemetry through ${gpuSources.join(', ') || 'no source of GPU figures'}`,
    ...problems.map((problem) => `- ${problem}`),
    '',
    '| | images/s | collective | GPU, mean and most | power, mean | memory, most |',
    '|---|---:|---|---:|---:|---:|',
    ...measured.map(row),
    '',
  ].join('\n')
}

function row({ measurement, gpus }: MeasuredStrategy): string {
  const { title, skipReason, error, collective, status } = measurement
  const outcome = skipReason ?? error?.message ?? imagesPerSecond(measurement)?.toFixed(1) ?? status
  const [gpu] = gpus
  const cells = [
    title,
    outcome,
    collective ?? '',
    gpu === undefined ? '' : `${percent(gpu.meanUtilisation)}, ${percent(gpu.mostUtilisation)}`,
    gpu?.meanPowerWatts == null ? '' : `${Math.round(gpu.meanPowerWatts)} W`,
    gpu?.mostMemoryBytes == null ? '' : formatBytes(gpu.mostMemoryBytes),
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function percent(value: number | null): string {
  return value === null ? '?' : `${Math.round(100 * value)} %`
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}
