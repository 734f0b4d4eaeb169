import { holmAdjust } from './holm.js'
import { hasRatioInterval, type RatioEstimate } from './ratio-estimate.js'
import { confidence, hasInterval, type SpeedupEstimate, upperTail } from './speedup-estimate.js'

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

/** The verdicts on all strategies that were compared with one base in the same blocks, in the order given. */
export function judge(estimates: readonly SpeedupEstimate[]): Verdict[] {
  return judgeTests(
    estimates.map((estimate) => (hasInterval(estimate) ? { ...estimate, ratio: estimate.speedup } : null)),
  )
}

/** The verdicts on all strategies of one run against the same ones of another, in the order given. */
export function judgeRatios(estimates: readonly RatioEstimate[]): Verdict[] {
  return judgeTests(estimates.map((estimate) => (hasRatioInterval(estimate) ? estimate : null)))
}

/** What a t test of a ratio against 1 comes to. */
interface RatioTest {
  ratio: number
  pValue: number
  /** Of ln `ratio`. */
  standardError: number
  degreesOfFreedom: number
}

/**
 * - `faster`, `slower`: the t test finds a difference at 5 %, after Holm's correction.
 * - `same`: else, the interval lies within the margin: two one-sided tests at 2.5 % (Schuirmann 1987, who takes 5 %:
 *   Tandem is stricter, so that the interval it shows is the one that decides), after Holm's correction.
 * - `undecided`: neither. Not a finding that they are equal.
 * - `one-repeat`: there is nothing to judge chance by.
 *
 * With several strategies, the chance of even one false `faster` or `slower` is at most 5 %, and of one false `same`
 * at most 2.5 %.
 */
function judgeTests(tests: readonly (RatioTest | null)[]): Verdict[] {
  const judged = tests.filter((test) => test !== null)
  const differences = holmAdjust(judged.map(({ pValue }) => pValue))
  const equivalences = holmAdjust(judged.map((test) => equivalencePValue(test)))
  return tests.map((test) => {
    const at = test === null ? -1 : judged.indexOf(test)
    const adjustedPValue = differences[at] ?? null
    const withinMargin = (equivalences[at] ?? 1) <= 1 - confidence
    const kind = verdictKind(test, adjustedPValue, withinMargin)
    return { kind, withinMargin, adjustedPValue, comparisons: judged.length }
  })
}

function verdictKind(
  test: RatioTest | null,
  adjustedPValue: number | null,
  withinMargin: boolean,
): VerdictKind {
  if (test === null || adjustedPValue === null) return 'one-repeat'
  if (adjustedPValue <= 1 - confidence) return test.ratio > 1 ? 'faster' : 'slower'
  return withinMargin ? 'same' : 'undecided'
}

/** Twice the p of the two one-sided tests: 5 % or less exactly where the 95 % interval lies within the margin. */
function equivalencePValue({ ratio, standardError, degreesOfFreedom }: RatioTest): number {
  const room = Math.log(1 + equivalenceMargin) - Math.abs(Math.log(ratio))
  return Math.min(1, 2 * upperTail(room, standardError, degreesOfFreedom))
}
