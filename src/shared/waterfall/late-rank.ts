import type { StepRecord } from '../child/trainer-protocol.js'
import { mean, standardDeviation } from '../statistics/means.js'
import { median } from '../statistics/quantiles.js'
import { confidence } from '../statistics/speedup-estimate.js'
import { studentTQuantile } from '../statistics/student-t.js'
import { arrivalsOfSteps } from './straggler-wait.js'

/** A rank that the others wait for, step after step. */
export interface LateRank {
  rank: number
  /** How long after the mean of the others its last own gradient is there, as a share of a step. */
  share: number
  /** The lower end of its 95 % interval. */
  low: number
}

/** What the lower end must be above: less than this is what cores of one processor differ by. */
export const latenessLimit = 0.05

/** Steps that follow each other are alike; so many of them, or more, count as one observation. */
const leastStepsTogether = 3
const mostObservations = 12
const leastObservations = 4

/**
 * The rank that is late at the all-reduce, if one surely is. Each run of some steps gives one observation, the median of a
 * rank's lateness in it, so that a single hiccup counts for little; over these, Student's t gives the interval, with
 * Bonferroni's correction for as many ranks. The first step of an epoch, which waits for data workers to start, is left out.
 *
 * @param repeats the ranks' steps, a list a repeat
 * @param uncertaintyMs how far arrivals of two machines can be off: a rank must be later than that
 * @returns null where no rank's lower end is above `latenessLimit`, and where too few steps have all arrivals
 */
export function findLateRank(
  repeats: readonly (readonly (readonly StepRecord[])[])[],
  uncertaintyMs = 0,
): LateRank | null {
  const ranks = repeats[0]?.length ?? 0
  const stepMs = median(repeats.flat(2).map((record) => record.stepMs))
  if (ranks < 2 || stepMs === null || stepMs <= 0) return null
  const runs = runsOfSteps(repeats.map((ofRepeat) => arrivalsOfSteps(ofRepeat.map(withoutFirstSteps))))
  if (runs.length < leastObservations) return null
  const found = Array.from({ length: ranks }, (_, rank) => {
    const shares = runs.map(
      (steps) => (median(steps.map((arrivals) => latenessOf(rank, arrivals))) ?? 0) / stepMs,
    )
    return { rank, ...lowerEnd(shares, ranks) }
  })
  const [latest] = found.sort((a, b) => b.low - a.low)
  return latest !== undefined && latest.low > Math.max(latenessLimit, uncertaintyMs / stepMs) ? latest : null
}

function withoutFirstSteps(steps: readonly StepRecord[]): StepRecord[] {
  return steps.filter(({ step }) => step > 0)
}

/** Each repeat's steps by themselves, in runs as even as they can be. */
function runsOfSteps(repeats: readonly (readonly number[][])[]): number[][][] {
  const steps = repeats.reduce((sum, { length }) => sum + length, 0)
  const together = Math.max(leastStepsTogether, Math.ceil(steps / mostObservations))
  return repeats.flatMap((ofRepeat) => {
    const count = Math.floor(ofRepeat.length / together)
    const edge = (index: number): number => Math.round((index * ofRepeat.length) / count)
    return Array.from({ length: count }, (_, index) => ofRepeat.slice(edge(index), edge(index + 1)))
  })
}

function latenessOf(rank: number, arrivals: readonly number[]): number {
  const others = arrivals.filter((_, other) => other !== rank)
  return (arrivals[rank] as number) - (mean(others) as number)
}

function lowerEnd(shares: readonly number[], ranks: number): { share: number; low: number } {
  const share = mean(shares) as number
  const spread = standardDeviation(shares) as number
  const probability = 1 - (1 - confidence) / 2 / ranks
  const halfWidth = (studentTQuantile(probability, shares.length - 1) * spread) / Math.sqrt(shares.length)
  return { share, low: share - halfWidth }
}
