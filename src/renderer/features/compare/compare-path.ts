import type { HistoryEntry } from '../../../shared/results/history-entry.js'

/** Where these runs are compared; the baseline is the base where it is among them, else the oldest. */
export function comparePath(runs: readonly Pick<HistoryEntry, 'runId' | 'isBaseline'>[]): string {
  const inOrder = [...runs].sort((a, b) => (a.runId < b.runId ? -1 : 1))
  const base = inOrder.find(({ isBaseline }) => isBaseline) ?? inOrder[0]
  return pathOf([base, ...inOrder.filter((run) => run !== base)].flatMap((run) => run?.runId ?? []))
}

/** Where runs are compared with the first of them. */
export function pathOf(runIds: readonly string[]): string {
  return `/compare/${runIds.join(',')}`
}

/** The runs that a path names, each once. */
export function runIdsOf(parameter: string | undefined): string[] {
  return [...new Set((parameter ?? '').split(',').filter(Boolean))]
}
