import { mean } from '../statistics/means.js'
import type { StepRecord } from '../trainer-protocol.js'

/**
 * How long ranks waited at the all-reduce for the last one to arrive, in milliseconds: the mean over steps and ranks.
 * 0 where all arrive together. Null where no step has the arrival of every rank: without an all-reduce, or where the
 * ranks cannot observe it.
 */
export function stragglerWaitMs(ranks: readonly (readonly StepRecord[])[]): number | null {
  const [first, ...others] = ranks.map(arrivalsByStep)
  if (first === undefined) return null
  const waits = [...first].flatMap(([step, arrivedAtMs]) => {
    const arrivals = [arrivedAtMs, ...others.flatMap((rank) => rank.get(step) ?? [])]
    if (arrivals.length < ranks.length) return []
    const last = Math.max(...arrivals)
    return mean(arrivals.map((arrival) => last - arrival)) ?? []
  })
  return mean(waits)
}

/** Ranks are matched by epoch and step, since one may have recorded a step more when a run was stopped. */
function arrivalsByStep(steps: readonly StepRecord[]): Map<string, number> {
  return new Map(
    steps.flatMap(({ epoch, step, arrivedAtMs }) =>
      arrivedAtMs === null ? [] : [[`${epoch}/${step}`, arrivedAtMs] as const],
    ),
  )
}
