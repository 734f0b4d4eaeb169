import { formatImagesPerSecond, formatPercent, formatQuantity, formatSpeedup } from './format.js'
import type { MeasurementSummary } from './results.js'
import { comparisonNotes, deviceEquivalents } from './summary.js'

/** `2 GPUs`, `2 CPU devices`, or the cores of a measurement on all of them. */
export function describeDevices({ id, devices }: MeasurementSummary): string {
  const kind = devices[0]?.kind === 'gpu' ? 'GPU' : 'CPU device'
  return id === 'single-all-cores'
    ? formatQuantity(devices.flatMap((device) => device.cores).length, 'core')
    : formatQuantity(devices.length, kind)
}

/**
 * What a speedup is worth, in lines: the figure with its base and what it stands on, then what limits the comparison.
 * None for Single itself, nor without it.
 */
export function speedupLines(
  measurement: MeasurementSummary,
  base: MeasurementSummary | undefined,
): string[] {
  const { id, title, speedup, efficiency } = measurement
  if (base === undefined || id === 'single') return []
  const line = `Speedup ${title} vs Single: ${formatSpeedup(speedup)}`
  if (speedup === null) return [`${line} (${whyNotCompared(measurement, base)})`]
  const rates = `${formatImagesPerSecond(measurement.imagesPerSecond)}, Single ${formatImagesPerSecond(base.imagesPerSecond)}`
  const flag = efficiency !== null && efficiency > 1 ? ', above 100 %: treat with care' : ''
  const share = `efficiency ${formatPercent(efficiency)} on ${describeEquivalents(measurement, base)}${flag}`
  return [`${line} (${rates}; ${share}; no interval: one repeat)`, ...comparisonNotes(measurement, base)]
}

/** Why there is no speedup: the measurement itself, or its base, is missing. */
export function whyNotCompared(measurement: MeasurementSummary, base: MeasurementSummary): string {
  if (measurement.imagesPerSecond === null)
    return measurement.skipReason ?? `${measurement.title} ${measurement.status}`
  return `Single ${base.skipReason ?? base.status}`
}

/** What an efficiency is a share of: `2 CPU devices`. */
export function describeEquivalents(measurement: MeasurementSummary, base: MeasurementSummary): string {
  const kind = base.devices[0]?.kind === 'gpu' ? 'GPU' : 'CPU device'
  const count = deviceEquivalents(measurement, base)
  const quantity = Number.isInteger(count) ? formatQuantity(count, kind) : `${count.toFixed(1)} ${kind}s`
  return measurement.id === 'single-all-cores' ? `the cores of ${quantity}` : quantity
}
