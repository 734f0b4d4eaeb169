import { useDashboard } from '../../state/dashboard.js'
import { useAnswer } from '../../state/use-answer.js'

/**
 * Which run is explained: the one with this id; for null the present one, else the newest of the history, else the one
 * that ships with Tandem. Null where there is none, or it is not known yet.
 */
export function useExplainedRunId(runId: string | null): { runId: string | null; isKnown: boolean } {
  const present = useDashboard(({ view }) => view?.run.head.runId ?? null)
  const given = runId ?? present
  const listed = useAnswer('listRuns', given === null ? { search: '', offset: 0, limit: 1 } : null)
  const examples = useAnswer('listExamples', given === null ? {} : null)
  if (given !== null) return { runId: given, isKnown: true }
  const isKnown = listed.kind !== 'loading' && examples.kind !== 'loading'
  const newest = listed.kind === 'answer' ? listed.answer.runs[0] : undefined
  const example = examples.kind === 'answer' ? examples.answer[0] : undefined
  return { runId: isKnown ? ((newest ?? example)?.runId ?? null) : null, isKnown }
}
