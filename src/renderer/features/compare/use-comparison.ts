import { useEffect, useState } from 'react'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import type { RunComparison } from '../../../shared/run-comparison/compare-runs.js'
import { useDashboard, useHost } from '../../state/dashboard.js'

export type OpenedComparison =
  | { kind: 'loading' }
  /** Fewer than two runs. */
  | { kind: 'none' }
  | { kind: 'error'; error: ErrorReport }
  | { kind: 'comparison'; comparison: RunComparison }

/** These runs beside each other, read again when the history changes. The array may be a new one each time. */
export function useComparison(runIds: readonly string[]): OpenedComparison {
  const call = useHost()
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const revision = useDashboard(({ historyRevision }) => historyRevision)
  const [read, setRead] = useState<{ key: string; opened: OpenedComparison } | null>(null)
  const key = runIds.join(',')

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is a reason to read again
  useEffect(() => {
    const wanted = key.split(',').filter(Boolean)
    if (!isOpen || wanted.length < 2) return
    let isCurrent = true
    call('compareRuns', { runIds: wanted })
      .then((comparison): OpenedComparison => ({ kind: 'comparison', comparison }))
      .catch((thrown): OpenedComparison => ({ kind: 'error', error: toErrorReport(thrown) }))
      .then((opened) => isCurrent && setRead({ key, opened }))
    return () => {
      isCurrent = false
    }
  }, [key, revision, isOpen, call])

  if (runIds.length < 2) return { kind: 'none' }
  return read?.key === key ? read.opened : { kind: 'loading' }
}
