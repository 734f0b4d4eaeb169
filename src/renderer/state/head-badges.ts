import type { RunHead } from '../../shared/live/live-run.js'
import { strategyResults } from '../../shared/results/strategy-results.js'
import type { Badge } from '../../shared/validity/finding.js'
import { judgeRun } from '../../shared/validity/judge-run.js'

const known = new WeakMap<RunHead, ReadonlyMap<string, Badge>>()

/**
 * The badge of each strategy that has a figure, by its id. Worked out once for each state of a run: views that draw ten
 * times a second ask for it, and a head is replaced when anything in it changes.
 */
export function badgesOf(head: RunHead): ReadonlyMap<string, Badge> {
  const before = known.get(head)
  if (before !== undefined) return before
  const { strategies } = judgeRun(head, strategyResults(head.measurements, head.configuration))
  const badges = new Map(strategies.map(({ id, badge }) => [id, badge]))
  known.set(head, badges)
  return badges
}
