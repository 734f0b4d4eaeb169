import { useEffect, useState, useSyncExternalStore } from 'react'
import { type ErrorReport, toErrorReport } from '../../shared/errors.js'
import type { RunHead } from '../../shared/live/live-run.js'
import { useDashboard, useHost } from './dashboard.js'
import { RunView } from './run-view.js'

export type OpenedView =
  | { kind: 'loading' }
  /** There is no run to show. */
  | { kind: 'none' }
  | { kind: 'error'; error: ErrorReport }
  | { kind: 'run'; view: RunView; isLive: boolean }

/**
 * The run with this id, or the present one for null: that of the host as it grows, or one from the history as its
 * recording tells it.
 */
export function useRunView(runId: string | null): OpenedView {
  const call = useHost()
  const present = useDashboard(({ view }) => view)
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const [stored, setStored] = useState<{ runId: string; opened: OpenedView } | null>(null)
  const isPresent = present !== null && (runId === null || present.run.head.runId === runId)

  useEffect(() => {
    if (isPresent || runId === null || !isOpen) return
    let isCurrent = true
    call('openRun', { runId })
      .then(({ run }): OpenedView => {
        if (run === null) return { kind: 'none' }
        return { kind: 'run', view: RunView.fromSnapshot(run), isLive: false }
      })
      .catch((thrown): OpenedView => ({ kind: 'error', error: toErrorReport(thrown) }))
      .then((opened) => isCurrent && setStored({ runId, opened }))
    return () => {
      isCurrent = false
    }
  }, [runId, isPresent, isOpen, call])

  if (isPresent) return { kind: 'run', view: present, isLive: true }
  if (runId === null) return isOpen ? { kind: 'none' } : { kind: 'loading' }
  return stored?.runId === runId ? stored.opened : { kind: 'loading' }
}

/** The head of a run: rendered again only when something in it has changed, in the frame that draws that run's charts. */
export function useRunHead(view: RunView): RunHead {
  return useSyncExternalStore(view.frames.subscribe, () => view.run.head)
}
