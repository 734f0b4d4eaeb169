import { longestFilter, type RequestOf } from '../../shared/contract/commands.js'
import { type HistoryColumnId, historyColumnIds, historyColumns } from '../../shared/history-columns.js'
import type { HistoryEntry } from '../../shared/results/history-entry.js'
import { searchRuns } from './search-runs.js'

type Arrangement = Pick<RequestOf<'listRuns'>, 'search' | 'filters' | 'sort'>

/**
 * The runs that a search and the filters of columns leave, in order; equal ones, and all where no order is asked for, stay
 * as they come. What is not known is last in any order.
 */
export function arrangeRuns(
  runs: readonly HistoryEntry[],
  { search, filters = {}, sort }: Arrangement,
): HistoryEntry[] {
  const wanted = historyColumnIds.flatMap((id) => {
    const text = filters[id]
    return text === undefined ? [] : [{ column: historyColumns[id], text }]
  })
  const found = searchRuns(runs, search).filter((run) =>
    wanted.every(({ column, text }) => column.text(run) === text),
  )
  if (sort === undefined) return found
  const { order } = historyColumns[sort.column]
  const keyed = found.map((run) => ({ run, key: order(run) }))
  const direction = sort.isDescending ? -1 : 1
  return keyed
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
      return direction * compare(a.key, b.key)
    })
    .map(({ run }) => run)
}

/** More nobody looks through: for these there is the search. */
const mostChoices = 200

/** What stands in each column that there is something to choose from, once each and in the column's own order. */
export function columnChoices(runs: readonly HistoryEntry[]): Partial<Record<HistoryColumnId, string[]>> {
  const choices: Partial<Record<HistoryColumnId, string[]>> = {}
  for (const id of historyColumnIds) {
    const { order, text, isNumeric, isOneOfAKind } = historyColumns[id]
    if (isOneOfAKind) continue
    const keys = new Map<string, string | number | null>()
    for (const run of runs) {
      const shown = text(run)
      if (keys.size === mostChoices) break
      if (shown.length <= longestFilter && !keys.has(shown)) keys.set(shown, isNumeric ? order(run) : shown)
    }
    choices[id] = [...keys].sort(([, a], [, b]) => compare(a ?? -1, b ?? -1)).map(([shown]) => shown)
  }
  return choices
}

function compare(a: string | number, b: string | number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
