import { describeSlowRank, slowRankOf } from '../domain/slow-rank.js'
import { strategies } from '../domain/strategies.js'
import type { MeasurementSummary } from '../results/results.js'
import { compareTraining } from './parity.js'
import { compareWork, type TaskSettings, type WorkDifference, workOf } from './work.js'

/**
 * In what the repeats of a strategy differ from those of Single in the same blocks, each difference once: the equal-work
 * guard and the parity gate. Empty where nothing stands against comparing their times.
 */
export function compareRepeats(
  repeats: readonly MeasurementSummary[],
  baseRepeats: readonly MeasurementSummary[],
  settings: TaskSettings,
): WorkDifference[] {
  const found = new Map<WorkDifference['code'], WorkDifference>()
  for (const repeat of repeats) {
    const base = baseRepeats.find(({ block }) => block === repeat.block)
    if (base === undefined) continue
    const differences = [
      ...(repeat.epochs.length === 0 || base.epochs.length === 0
        ? []
        : compareWork(workOf(repeat, settings), workOf(base, settings), base.title)),
      ...compareTraining(repeat, base, base.title),
      ...slowedOnPurpose(repeat, settings),
    ]
    for (const difference of differences) found.set(difference.code, difference)
  }
  return [...found.values()]
}

/** A demonstration is no measurement, however well it went. */
function slowedOnPurpose(
  { strategy, worldSize }: MeasurementSummary,
  settings: TaskSettings,
): WorkDifference[] {
  const slowRank = strategies[strategy].exchangesGradients ? slowRankOf(settings.slowRank) : null
  if (slowRank === null || slowRank.rank >= worldSize) return []
  const message = `${describeSlowRank(slowRank)}, so this is a demonstration and no measurement`
  return [{ code: 'slowed-on-purpose', severity: 'not-comparable', message }]
}

/** Why a strategy must not be compared with Single at all, to follow a colon; null where it may. */
export function comparisonObstacle(...compared: Parameters<typeof compareRepeats>): string | null {
  return compareRepeats(...compared).find(({ severity }) => severity === 'not-comparable')?.message ?? null
}
