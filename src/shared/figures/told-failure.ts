import { withoutControls } from '../printable.js'
import type { StrategyResult } from '../results/strategy-results.js'

/** A measurement that failed, with what its program said of it, whole. */
export interface ToldFailure {
  id: string
  title: string
  message: string
  hint: string
  /** A traceback, or what was printed last: lines, without what a terminal or a document may not hold. */
  details: string
}

/** Of each strategy the first repeat that failed; only where there is more to say than its message. */
export function toldFailures(results: readonly StrategyResult[]): ToldFailure[] {
  return results.flatMap(({ id, title, error }) => {
    if (error?.details === undefined) return []
    const { message, hint, details } = error
    return [{ id, title, message, hint, details: withoutControls(details) }]
  })
}
