import Table from 'cli-table3'
import { describeDevices, speedupLine } from '../../shared/comparison-text.js'
import { findBase, isBase } from '../../shared/domain/measurement-ids.js'
import {
  formatImagesPerSecond,
  formatPercent,
  formatSeconds,
  formatSpeedup,
  notAvailable,
} from '../../shared/format.js'
import type { Results } from '../../shared/results.js'
import { type StrategyResult, strategyResults } from '../../shared/strategy-results.js'
import { judgeRun } from '../../shared/validity/judge-run.js'
import { validityLines } from '../../shared/validity/validity-text.js'

/** The end of a run: epoch times, their means, speedups with their base, and how far they can be relied on. */
export function summaryLines(run: Results): string[] {
  const { measurements: all, configuration, status } = run
  const measurements = strategyResults(all, configuration)
  const base = findBase(measurements)
  return [
    '',
    ...measurements.map(epochTimesLine),
    '',
    ...measurements.map(meanLine),
    '',
    ...summaryTable(measurements).split('\n'),
    ...measurements.flatMap((measurement) => speedupLine(measurement, base) ?? []),
    ...validityLines(judgeRun(run, measurements)),
    ...(status === 'cancelled' ? ['Cancelled: what was measured up to then is kept.'] : []),
  ]
}

function epochTimesLine({ title, epochTimes, ...measurement }: StrategyResult): string {
  const times = epochTimes.map((seconds) => seconds.toFixed(3)).join(', ')
  return `${title} epoch times: ${times === '' ? absence(measurement) : `${times} s`}`
}

function meanLine({ title, meanEpochSeconds, ...measurement }: StrategyResult): string {
  const mean = meanEpochSeconds === null ? absence(measurement) : formatSeconds(meanEpochSeconds)
  return `Mean epoch time ${title}: ${mean}`
}

/** "N/A", and why. */
function absence({ status, skipReason }: Pick<StrategyResult, 'status' | 'skipReason'>): string {
  return `${notAvailable} (${skipReason ?? status})`
}

function summaryTable(measurements: readonly StrategyResult[]): string {
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
      isBase(measurement) && measured ? 'base' : formatSpeedup(measurement.speedup),
      formatPercent(measurement.efficiency),
    ])
  }
  return table.toString()
}
