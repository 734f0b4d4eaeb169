import type { Responses } from '../../shared/contract/commands.js'
import { useDashboard } from './dashboard.js'
import { useAnswer } from './use-answer.js'

export type RunEntry = Responses['describeRun']

/** A run as the history has it: its name, its notes, and the baseline. Null until then, and for one that is not kept. */
export function useRunEntry(runId: string): RunEntry | null {
  const revision = useDashboard(({ historyRevision }) => historyRevision)
  const entry = useAnswer('describeRun', { runId }, revision)
  return entry.kind === 'answer' ? entry.answer : null
}
