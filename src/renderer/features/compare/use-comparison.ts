import type { RunComparison } from '../../../shared/run-comparison/compare-runs.js'
import { useDashboard } from '../../state/dashboard.js'
import { type Answered, useAnswer } from '../../state/use-answer.js'

/** These runs beside each other, read again when the history changes; `none` for fewer than two. */
export function useComparison(runIds: readonly string[]): Answered<RunComparison> | { kind: 'none' } {
  const revision = useDashboard(({ historyRevision }) => historyRevision)
  const isComparison = runIds.length >= 2
  const comparison = useAnswer('compareRuns', isComparison ? { runIds: [...runIds] } : null, revision)
  return isComparison ? comparison : { kind: 'none' }
}
