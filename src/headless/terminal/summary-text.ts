import Table from 'cli-table3'
import { analyseRun } from '../../shared/analysis/run-analysis.js'
import { findBaseOf } from '../../shared/domain/measurement-ids.js'
import type { FigureTable } from '../../shared/figures/figure-table.js'
import { strategyRows } from '../../shared/figures/strategy-row.js'
import { nodesOf, type Results, statusTexts } from '../../shared/results/results.js'
import type { StrategyResult } from '../../shared/results/strategy-results.js'
import { againRepeats, measureAgain } from '../../shared/run/measure-again.js'
import { commandLine, runArguments } from '../../shared/run/run-command.js'
import { speedupLine } from '../../shared/text/comparison-text.js'
import { formatRoughDuration, formatSeconds, notAvailable } from '../../shared/text/format.js'
import { type RunValidity, unreliableIds } from '../../shared/validity/judge-run.js'
import { markUnreliable, validityLines } from '../../shared/validity/validity-text.js'
import type { Colors } from './display.js'

/** The end of a run: epoch times, their means, speedups with their base, and how far they can be relied on. */
export function summaryLines(run: Results, colors: Pick<Colors, 'dim'>): string[] {
  const { results: measurements, validity, machines, machineTables } = analyseRun(run)
  const unreliable = unreliableIds(validity)
  return [
    '',
    ...measurements.map(epochTimesLine),
    '',
    ...measurements.map(meanLine),
    '',
    ...summaryTable(measurements, unreliable, colors).split('\n'),
    ...measurements.flatMap((measurement) => {
      const line = speedupLine(measurement, findBaseOf(measurements, measurement))
      return line === null ? [] : [grey(line, unreliable.has(measurement.id), colors)]
    }),
    ...machines,
    ...machineTables.flatMap((table) => [table.caption, ...machineTable(table).split('\n')]),
    ...validityLines(validity),
    ...againLines(run, validity),
    ...(run.status === 'cancelled' ? ['Stopped: what was measured up to then is kept.'] : []),
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

/** "N/A", and why; of a group that failed, on which rank. */
function absence({
  status,
  skipReason,
  error,
}: Pick<StrategyResult, 'status' | 'skipReason' | 'error'>): string {
  const where = error?.rank === undefined ? '' : ` on rank ${error.rank}`
  return `${notAvailable} (${skipReason ?? `${statusTexts[status]}${where}`})`
}

/** Words as well: a log has no colours. */
function grey(text: string, isUnreliable: boolean, colors: Pick<Colors, 'dim'>): string {
  return isUnreliable ? colors.dim(markUnreliable(text, true)) : text
}

/** What to type where figures are not to be relied on. */
function againLines(run: Results, { badge }: RunValidity): string[] {
  if (badge !== 'unreliable') return []
  const { configuration, seconds } = measureAgain(run)
  const time = seconds === null ? '' : ` (about ${formatRoughDuration(seconds)})`
  const command = commandLine(runArguments(configuration, nodesOf(run)))
  return [`Measure again, ${againRepeats} repeats${time}: ${command}`]
}

function machineTable({ columns, rows }: FigureTable): string {
  const table = new Table({
    head: [...columns],
    colAligns: columns.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows.map(({ cells }) => cells))
  return table.toString()
}

function summaryTable(
  measurements: readonly StrategyResult[],
  unreliable: ReadonlySet<string>,
  colors: Pick<Colors, 'dim'>,
): string {
  const table = new Table({
    head: ['Strategy', 'Devices', 'Global batch', 'Mean epoch', 'Throughput', 'Speedup', 'Efficiency'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const row of strategyRows(measurements, unreliable)) {
    const cells = [
      row.title,
      row.devices,
      row.globalBatch,
      row.meanEpoch,
      row.imagesPerSecond,
      row.speedup,
      row.efficiency,
    ]
    table.push(row.isUnreliable ? cells.map((cell) => colors.dim(cell)) : cells)
  }
  return table.toString()
}
