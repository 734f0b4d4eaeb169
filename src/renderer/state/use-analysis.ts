import { useEffect, useState } from 'react'
import type { RunAnalysis } from '../../shared/analysis/run-analysis.js'
import type { RunHead } from '../../shared/live/live-run.js'
import { useDashboard, useHost } from './dashboard.js'

/**
 * What the host derives from a run's steps, asked again when a measurement has ended; null until then, and where there
 * are no results to derive it from.
 */
export function useAnalysis({ runId, measurements, finishedAtMs }: RunHead): RunAnalysis | null {
  const call = useHost()
  const isOpen = useDashboard(({ connection }) => connection.status === 'open')
  const [analysis, setAnalysis] = useState<{ runId: string; value: RunAnalysis | null } | null>(null)
  const ended = measurements.filter(({ status }) => status !== 'running').length
  const state = `${runId} ${ended} ${finishedAtMs}`

  useEffect(() => {
    if (!isOpen || state === '') return
    let isCurrent = true
    call('analyseRun', { runId })
      .catch(() => null)
      .then((value) => isCurrent && setAnalysis({ runId, value }))
    return () => {
      isCurrent = false
    }
  }, [state, runId, isOpen, call])

  return analysis?.runId === runId ? analysis.value : null
}
