import { holmAdjust } from './holm.js'
import {
  confidence,
  hasInterval,
  type IntervalEstimate,
  type SpeedupEstimate,
  upperTail,
} from './speedup-estimate.js'

/**
 * Speedups from 1 / 1.02 to 1.02 count as no difference in practice. A choice, not a finding: it is less than most
 * would change how they train for.
 */
export const equivalenceMargin = 0.02

export type VerdictKind = 'faster' | 'slower' | 'same' | 'undecided' | 'one-repeat'

export interface Verdict {
  kind: VerdictKind
  /** The speedup is within the margin of 1 for certain; so a strategy can be faster, but not by enough to matter. */
  withinMargin: boolean
  /** p of no difference, corrected for the other strategies; null with one repeat. */
  adjustedPValue: number | null
  /** Strategies with an interval that were compared with the base together, this one included. */
  comparisons: number
}

/**
 * The verdicts on all strategies that were compared with one base, in the order given.
 *
 * - `faster`, `slower`: the t test finds a difference at 5 %, after Holm's correction.
 * - `same`: else, the interval lies within the margin: two one-sided tests at 2.5 % (Schuirmann 1987, who takes 5 %:
 *   Tandem is stricter, so that the interval it shows is the one that decides), after Holm's correction.
 * - `undecided`: neither. Not a finding that they are equal.
 * - `one-repeat`: there is nothing to judge chance by.
 *
 * With several strategies, the chance of even one false `faster` or `slower` is at most 5 %, and of one false `same`
 * at most 2.5 %.
 */
export function judge(estimates: readonly SpeedupEstimate[]): Verdict[] {
  const judged = estimates.filter(hasInterval)
  const differences = holmAdjust(judged.map(({ pValue }) => pValue))
  const equivalences = holmAdjust(judged.map((estimate) => equivalencePValue(estimate)))
  return estimates.map((estimate) => {
    const at = hasInterval(estimate) ? judged.indexOf(estimate) : -1
    const adjustedPValue = differences[at] ?? null
    const withinMargin = (equivalences[at] ?? 1) <= 1 - confidence
    const kind = verdictKind(estimate, adjustedPValue, withinMargin)
    return { kind, withinMargin, adjustedPValue, comparisons: judged.length }
  })
}

function verdictKind(
  { speedup }: SpeedupEstimate,
  adjustedPValue: number | null,
  withinMargin: boolean,
): VerdictKind {
  if (adjustedPValue === null) return 'one-repeat'
  if (adjustedPValue <= 1 - confidence) return speedup > 1 ? 'faster' : 'slower'
  return withinMargin ? 'same' : 'undecided'
}

/** Twice the p of the two one-sided tests: 5 % or less exactly where the 95 % interval lies within the margin. */
function equivalencePValue({ speedup, standardError, blocks }: IntervalEstimate): number {
  const room = Math.log(1 + equivalenceMargin) - Math.abs(Math.log(speedup))
  return Math.min(1, 2 * upperTail(room, standardError, blocks))
}
