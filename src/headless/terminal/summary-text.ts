import Table from 'cli-table3'
import { describeDevices, speedupLines } from '../../shared/comparison-text.js'
import {
  formatImagesPerSecond,
  formatPercent,
  formatSeconds,
  formatSpeedup,
  notAvailable,
} from '../../shared/format.js'
import type { Measurement, Results } from '../../shared/results.js'

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
    ...measurements.flatMap((measurement) => comparisonLines(measurement, base)),
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
      measured ? describeDevices(measurement) : notAvailable,
      measured ? String(measurement.globalBatchSize) : notAvailable,
      formatSeconds(measurement.meanEpochSeconds),
      formatImagesPerSecond(measurement.imagesPerSecond),
      measurement.id === 'single' && measured ? 'base' : formatSpeedup(measurement.speedup),
      formatPercent(measurement.efficiency),
    ])
  }
  return table.toString()
}

/** The notes below the figure name what they are about, since lines of several strategies follow each other. */
function comparisonLines(measurement: Measurement, base: Measurement | undefined): string[] {
  const [figure, ...notes] = speedupLines(measurement, base)
  return figure === undefined ? [] : [figure, ...notes.map((note) => `  ${measurement.title}: ${note}`)]
}
