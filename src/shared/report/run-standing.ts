import { assertNever } from '../errors.js'
import type { Results } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import { formatQuantity } from '../text/format.js'

/** How far a run got, as a reader must know before its figures. */
export interface RunStanding {
  kind: 'complete' | 'failed' | 'stopped' | 'running' | 'interrupted' | 'unfinished'
  /** A few words: `Complete`, `Partly failed`; `Failed` where nothing was measured. */
  title: string
  /** What it means for the figures; null for a complete run. */
  explanation: string | null
  /** What went wrong, a line a strategy. */
  problems: { id: string; title: string; text: string }[]
}

/** @param owner whether the process that measured is known to be alive, or to be gone */
export function standingOf(
  { status, configuration, measurements }: Results,
  results: readonly StrategyResult[],
  owner: 'running' | 'gone' | null,
): RunStanding {
  const completed = measurements.filter((measurement) => measurement.status === 'completed').length
  const planned = results.filter((result) => result.status !== 'skipped').length * configuration.repeats
  const sofar = `${formatQuantity(completed, 'measurement')} of ${configuration.untilNarrow ? 'at most ' : ''}${planned} completed`
  const kind = kindOf(status, owner)
  const isWhollyFailed = kind === 'failed' && completed === 0
  return {
    kind,
    title: isWhollyFailed ? 'Failed' : titles[kind],
    explanation:
      kind === 'complete' ? null : isWhollyFailed ? 'Nothing was measured.' : `${meanings[kind]} ${sofar}.`,
    problems: results.flatMap(({ id, title, error }) =>
      error === null
        ? []
        : [{ id, title, text: error.hint === '' ? `${error.message}.` : `${error.message}. ${error.hint}` }],
    ),
  }
}

function kindOf(status: Results['status'], owner: 'running' | 'gone' | null): RunStanding['kind'] {
  switch (status) {
    case 'complete':
    case 'failed':
      return status
    case 'cancelled':
      return 'stopped'
    case 'incomplete':
      if (owner === null) return 'unfinished'
      return owner === 'running' ? 'running' : 'interrupted'
    default:
      return assertNever(status, 'status of a run')
  }
}

const titles: Record<RunStanding['kind'], string> = {
  complete: 'Complete',
  failed: 'Partly failed',
  stopped: 'Stopped before its end',
  running: 'Still under way',
  interrupted: 'Interrupted',
  unfinished: 'Not finished',
}

const meanings: Record<Exclude<RunStanding['kind'], 'complete'>, string> = {
  failed: 'Part of this run failed; figures rest on the rest.',
  stopped: 'Someone stopped this run; figures rest on what it had measured by then.',
  running: 'This run is still under way; figures are those of its latest finished epoch.',
  interrupted: 'The measuring process was ended from outside; figures rest on what it had recorded by then.',
  unfinished:
    'This run is still under way, or was interrupted; figures rest on what it had recorded by then.',
}
