import Table from 'cli-table3'
import { formatImagesPerSecond, formatQuantity, formatSpeedup } from '../../shared/format.js'
import type { HistoryEntry } from '../../shared/history-entry.js'
import { runTitle } from '../../shared/run-title.js'
import { printable } from './printable.js'

/** A row a run, and how many more there are. */
export function historyText(runs: readonly HistoryEntry[], total: number): string {
  if (total === 0) return 'No runs.'
  const table = new Table({
    head: ['Run', 'Name', 'Benchmark', 'Host', 'State', 'Single', 'DP', 'DDP'],
    colAligns: ['left', 'left', 'left', 'left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  table.push(...runs.map(row))
  const rest = total - runs.length
  return [table.toString(), ...(rest === 0 ? [] : [`and ${formatQuantity(rest, 'older run')}`])].join('\n')
}

function row(run: HistoryEntry): string[] {
  const { runId, label, hostName, status, isBaseline, measurements } = run
  const of = (id: string) => measurements.find((measurement) => measurement.id === id)
  return [
    runId,
    label.name ?? '',
    runTitle(run),
    hostName,
    isBaseline ? `${status}, baseline` : status,
    formatImagesPerSecond(of('single')?.imagesPerSecond ?? null),
    formatSpeedup(of('dp')?.speedup ?? null),
    formatSpeedup(of('ddp')?.speedup ?? null),
  ].map(printable)
}
