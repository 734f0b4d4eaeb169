import type { LateRank } from '../src/shared/waterfall/late-rank.js'

/** Of 20 runs, so many may name a rank where none is slow, and must name it where one is. */
const bars = { falseAlarms: 1 / 20, found: 19 / 20 }

/** A run, which of its ranks was the slow one, if any, and whom the rule named. */
export interface Outcome {
  slowRank: number | null
  late: LateRank | null
}

/** `rank 1, 13 % (at least 11 %)` */
export function nameOf(late: LateRank | null): string {
  return late === null
    ? 'nobody'
    : `rank ${late.rank}, ${percent(late.share)} (at least ${percent(late.low)})`
}

/** Says how often nobody was named where nothing was slow, and whether that is often enough. */
export function judgeEven(outcomes: readonly Outcome[]): boolean {
  const alarms = outcomes.filter(({ late }) => late !== null).length
  console.log(`Nothing slow: ${alarms} of ${outcomes.length} runs name a rank (at most 1 of 20 may).`)
  return alarms <= bars.falseAlarms * outcomes.length
}

/** The same of the slow rank and no other, where one was slower by this share in this part of a step. */
export function judgeSlow(outcomes: readonly Outcome[], slower: number, part: string): boolean {
  const found = outcomes.filter(({ late, slowRank }) => late !== null && late.rank === slowRank).length
  console.log(
    `A rank slow by ${percent(slower)} in its ${part}: ${found} of ${outcomes.length} name it (at least 19 of 20 must).`,
  )
  return found >= bars.found * outcomes.length
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
