import Table from 'cli-table3'
import { strategies, strategyNames } from '../../shared/domain/strategies.js'
import { formatQuantity } from '../../shared/format.js'
import { type HistoryEntry, headlineFigure } from '../../shared/history-entry.js'
import { runTitle } from '../../shared/run-title.js'
import { markUnreliable } from '../../shared/validity/validity-text.js'
import { printable } from './printable.js'

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
      ...strategyNames.map((strategy) => strategies[strategy].title),
    ],
    colAligns: [
      ...(['left', 'left', 'left', 'left', 'left'] as const),
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
  const { runId, label, hostName, status, isBaseline, remark } = run
  return [
    runId,
    label.name ?? '',
    runTitle(run),
    hostName,
    [status, ...(isBaseline ? ['baseline'] : []), ...(remark === null ? [] : ['*'])].join(', '),
    ...strategyNames.map((strategy) =>
      markUnreliable(headlineFigure(run, strategy), run.validity?.badge === 'unreliable'),
    ),
  ].map(printable)
}
