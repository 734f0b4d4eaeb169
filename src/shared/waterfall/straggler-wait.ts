import type { StepRecord } from '../child/trainer-protocol.js'
import { mean } from '../statistics/means.js'

/**
 * How long ranks waited at the all-reduce for the last one to arrive, in milliseconds: the mean over steps and ranks.
 * 0 where all arrive together. Null where no step has the arrival of every rank: without an all-reduce, or where the
 * ranks cannot observe it.
 */
export function stragglerWaitMs(ranks: readonly (readonly StepRecord[])[]): number | null {
  const waits = arrivalsOfSteps(ranks).map((arrivals) => {
    const last = Math.max(...arrivals)
    return mean(arrivals.map((arrival) => last - arrival)) as number
  })
  return mean(waits)
}

/**
 * When each rank arrived, one list a step, in milliseconds; only of steps that have the arrival of every rank. Ranks are
 * matched by epoch and step, since one may have recorded a step more when a run was stopped.
 */
export function arrivalsOfSteps(ranks: readonly (readonly StepRecord[])[]): number[][] {
  const [first, ...others] = ranks.map(arrivalsByStep)
  if (first === undefined) return []
  return [...first].flatMap(([step, arrivedAtMs]) => {
    const arrivals = [arrivedAtMs, ...others.flatMap((rank) => rank.get(step) ?? [])]
    return arrivals.length < ranks.length ? [] : [arrivals]
  })
}

function arrivalsByStep(steps: readonly StepRecord[]): Map<string, number> {
  return new Map(
    steps.flatMap(({ epoch, step, arrivedAtMs }) =>
      arrivedAtMs === null ? [] : [[`${epoch}/${step}`, arrivedAtMs] as const],
    ),
  )
}
