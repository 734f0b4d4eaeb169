import { useEffect, useState } from 'react'
import { type ErrorReport, toErrorReport } from '../../../shared/errors.js'
import type { Report } from '../../../shared/report/report.js'
import { useDashboard, useHost } from '../../state/dashboard.js'

export type ReadReport =
  | { kind: 'loading' }
  | { kind: 'error'; error: ErrorReport }
  | { kind: 'report'; report: Report }

/** What a report of the run says, as far as the run has got when it is asked for. */
export function useReport(runId: string): ReadReport {
  const call = useHost()
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const [read, setRead] = useState<{ runId: string; outcome: ReadReport } | null>(null)

  useEffect(() => {
    if (!isOpen) return
    let isCurrent = true
    call('readReport', { runId })
      .then((report): ReadReport => ({ kind: 'report', report }))
      .catch((thrown): ReadReport => ({ kind: 'error', error: toErrorReport(thrown) }))
      .then((outcome) => isCurrent && setRead({ runId, outcome }))
    return () => {
      isCurrent = false
    }
  }, [runId, isOpen, call])

  return read?.runId === runId ? read.outcome : { kind: 'loading' }
}
