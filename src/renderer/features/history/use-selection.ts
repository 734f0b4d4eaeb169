import { useCallback, useState } from 'react'
import { mostComparedRuns } from '../../../shared/contract/commands.js'
import type { HistoryEntry } from '../../../shared/results/history-entry.js'

export interface Selection {
  /** In the order in which they were chosen; they stay while others are searched for. */
  runs: readonly HistoryEntry[]
  has(runId: string): boolean
  /** No more can be chosen. */
  isFull: boolean
  toggle(run: HistoryEntry): void
  leaveOut(runId: string): void
}

/** The runs that are to be compared. */
export function useSelection(): Selection {
  const [runs, setRuns] = useState<readonly HistoryEntry[]>([])
  const leaveOut = useCallback(
    (runId: string) => setRuns((before) => before.filter((run) => run.runId !== runId)),
    [],
  )
  const toggle = useCallback((run: HistoryEntry) => {
    setRuns((before) => {
      const others = before.filter(({ runId }) => runId !== run.runId)
      return others.length < before.length ? others : [...before, run].slice(0, mostComparedRuns)
    })
  }, [])
  return {
    runs,
    has: (runId) => runs.some((run) => run.runId === runId),
    isFull: runs.length >= mostComparedRuns,
    toggle,
    leaveOut,
  }
}
