import Table from 'cli-table3'
import { type Strategy, strategies, strategyNames } from '../../shared/domain/strategies.js'
import { historyColumns, statusTitles } from '../../shared/history-columns.js'
import { printable } from '../../shared/printable.js'
import { type HistoryEntry, headlineFigure, headlineInterval } from '../../shared/results/history-entry.js'
import { runTitle } from '../../shared/run/run-title.js'
import { formatQuantity } from '../../shared/text/format.js'
import { markUnreliable } from '../../shared/validity/validity-text.js'

/** What tells runs of the same benchmark apart. */
const measured = ['batch', 'devices', 'repeats'] as const

/** A row a run, and how many more there are. */
export function historyText(runs: readonly HistoryEntry[], total: number): string {
  if (total === 0) return 'No runs.'
  const table = new Table({
    head: [
      'Run',
      'Name',
      'Benchmark',
      'Host',
      'State',
      ...measured.map((id) => historyColumns[id].title),
      ...strategyNames.map((strategy) => strategies[strategy].title),
    ],
    colAligns: [
      ...(['left', 'left', 'left', 'left', 'left'] as const),
      ...measured.map(() => 'right' as const),
      ...strategyNames.map(() => 'right' as const),
    ],
    style: { head: [], border: [], compact: true },
  })
  table.push(...runs.map(row))
  const rest = total - runs.length
  const remarks = runs.flatMap(({ runId, remark }) => (remark === null ? [] : [`* ${runId}: ${remark}`]))
  return [
    table.toString(),
    ...(rest === 0 ? [] : [`and ${formatQuantity(rest, 'older run')}`]),
    ...remarks.map(printable),
  ].join('\n')
}

function row(run: HistoryEntry): string[] {
  const { runId, label, hostName, status, isBaseline, isExample, remark } = run
  return [
    runId,
    label.name ?? '',
    runTitle(run),
    hostName,
    [
      statusTitles[status].toLowerCase(),
      ...(isExample === true ? ['example'] : []),
      ...(isBaseline ? ['baseline'] : []),
      ...(remark === null ? [] : ['*']),
    ].join(', '),
    ...measured.map((id) => historyColumns[id].text(run)),
    ...strategyNames.map((strategy) => figure(run, strategy)),
  ].map(printable)
}

/** `1.42x (1.39 to 1.45)`, marked where it is not to be relied on. */
function figure(run: HistoryEntry, strategy: Strategy): string {
  const interval = headlineInterval(run, strategy)
  const text = headlineFigure(run, strategy)
  const whole = interval === null ? text : `${text} (${interval})`
  return markUnreliable(whole, run.validity?.badge === 'unreliable')
}
