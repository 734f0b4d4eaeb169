import type { RunAnalysis } from '../../shared/analysis/run-analysis.js'
import type { RunHead } from '../../shared/live/live-run.js'
import { useAnswer } from './use-answer.js'

/**
 * What the host derives from a run's steps, asked again when a measurement has ended; null until then, and where there
 * are no results to derive it from.
 */
export function useAnalysis({ runId, measurements, finishedAtMs }: RunHead): RunAnalysis | null {
  const ended = measurements.filter(({ status }) => status !== 'running').length
  const analysis = useAnswer('analyseRun', { runId }, `${ended} ${finishedAtMs}`)
  return analysis.kind === 'answer' ? analysis.answer : null
}
