import { useEffect, useState } from 'react'
import type { Responses } from '../../shared/contract/commands.js'
import { useDashboard, useHost } from './dashboard.js'

export type RunEntry = Responses['describeRun']

/** A run as the history has it: its name, its notes, and the baseline. Null until then, and for one that is not kept. */
export function useRunEntry(runId: string): RunEntry | null {
  const call = useHost()
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const revision = useDashboard(({ historyRevision }) => historyRevision)
  const [read, setRead] = useState<{ runId: string; entry: RunEntry | null } | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is a reason to read again
  useEffect(() => {
    if (!isOpen) return
    let isCurrent = true
    call('describeRun', { runId })
      .catch(() => null)
      .then((entry) => isCurrent && setRead({ runId, entry }))
    return () => {
      isCurrent = false
    }
  }, [runId, revision, isOpen, call])

  return read?.runId === runId ? read.entry : null
}
