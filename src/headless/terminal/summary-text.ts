import Table from 'cli-table3'
import {
  formatImagesPerSecond,
  formatPercent,
  formatQuantity,
  formatSeconds,
  formatSpeedup,
  notAvailable,
} from '../../shared/format.js'
import type { Measurement, Results } from '../../shared/results.js'
import { comparisonNotes, deviceEquivalents } from '../../shared/summary.js'

/** The end of a run: epoch times, their means, speedups with their base, and what limits the comparison. */
export function summaryLines({ measurements, status }: Results): string[] {
  const base = measurements.find(({ id }) => id === 'single')
  return [
    '',
    ...measurements.map(epochTimesLine),
    '',
    ...measurements.map(meanLine),
    '',
    ...summaryTable(measurements).split('\n'),
    ...measurements.flatMap((measurement) => speedupLines(measurement, base)),
    ...(status === 'cancelled' ? ['Cancelled: what was measured up to then is kept.'] : []),
  ]
}

function epochTimesLine({ title, epochTimes, ...measurement }: Measurement): string {
  const times = epochTimes.map((seconds) => seconds.toFixed(3)).join(', ')
  return `${title} epoch times: ${times === '' ? absence(measurement) : `${times} s`}`
}

function meanLine({ title, meanEpochSeconds, ...measurement }: Measurement): string {
  const mean = meanEpochSeconds === null ? absence(measurement) : formatSeconds(meanEpochSeconds)
  return `Mean epoch time ${title}: ${mean}`
}

/** "N/A", and why. */
function absence({ status, skipReason }: Pick<Measurement, 'status' | 'skipReason'>): string {
  return `${notAvailable} (${skipReason ?? status})`
}

function summaryTable(measurements: readonly Measurement[]): string {
  const table = new Table({
    head: ['Strategy', 'Devices', 'Global batch', 'Mean epoch', 'Throughput', 'Speedup', 'Efficiency'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const measurement of measurements) {
    const measured = measurement.imagesPerSecond !== null
    table.push([
      measurement.title,
      measured ? devicesOf(measurement) : notAvailable,
      measured ? String(measurement.globalBatchSize) : notAvailable,
      formatSeconds(measurement.meanEpochSeconds),
      formatImagesPerSecond(measurement.imagesPerSecond),
      measurement.id === 'single' && measured ? 'base' : formatSpeedup(measurement.speedup),
      formatPercent(measurement.efficiency),
    ])
  }
  return table.toString()
}

function devicesOf({ id, devices }: Measurement): string {
  const kind = devices[0]?.kind === 'gpu' ? 'GPU' : 'CPU device'
  return id === 'single-all-cores'
    ? formatQuantity(devices.flatMap((device) => device.cores).length, 'core')
    : formatQuantity(devices.length, kind)
}

function speedupLines(measurement: Measurement, base: Measurement | undefined): string[] {
  const { id, title, speedup, efficiency } = measurement
  if (base === undefined || id === 'single') return []
  const line = `Speedup ${title} vs Single: ${formatSpeedup(speedup)}`
  if (speedup === null) return [`${line} (${notMeasured(measurement, base)})`]
  const rates = `${formatImagesPerSecond(measurement.imagesPerSecond)}, Single ${formatImagesPerSecond(base.imagesPerSecond)}`
  const flag = efficiency !== null && efficiency > 1 ? ', above 100 %: treat with care' : ''
  const share = `efficiency ${formatPercent(efficiency)} on ${equivalents(measurement, base)}${flag}`
  return [
    `${line} (${rates}; ${share}; no interval: one repeat)`,
    ...comparisonNotes(measurement, base).map((note) => `  ${title}: ${note}`),
  ]
}

function notMeasured(measurement: Measurement, base: Measurement): string {
  if (measurement.imagesPerSecond === null)
    return measurement.skipReason ?? `${measurement.title} ${measurement.status}`
  return `Single ${base.skipReason ?? base.status}`
}

function equivalents(measurement: Measurement, base: Measurement): string {
  const kind = base.devices[0]?.kind === 'gpu' ? 'GPU' : 'CPU device'
  const count = deviceEquivalents(measurement, base)
  const quantity = Number.isInteger(count) ? formatQuantity(count, kind) : `${count.toFixed(1)} ${kind}s`
  return measurement.id === 'single-all-cores' ? `the cores of ${quantity}` : quantity
}
