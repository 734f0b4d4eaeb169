import type { Measurement } from './results/results.js'
import { median } from './statistics/quantiles.js'

/**
 * The rank that works longest on its steps, from a step's beginning until its gradients are ready, and how many times as
 * long as the middle one of the others. By medians over the steps, so that one long step makes no rank slow. Null where
 * there are no ranks to compare, or they cannot tell their own work from the wait for others.
 */
export function slowestRank(ranks: Measurement['ranks']): { rank: number; timesOthers: number } | null {
  const work = ranks.flatMap(({ rank, steps }) => {
    const times = steps.flatMap(({ arrivedAtMs, stepMs, communicationMs, updateMs }) =>
      arrivedAtMs === null ? [] : [stepMs - communicationMs - updateMs],
    )
    const workMs = median(times)
    return workMs === null ? [] : [{ rank, workMs }]
  })
  const slowest = work.reduce<(typeof work)[number] | null>(
    (most, one) => (most === null || one.workMs > most.workMs ? one : most),
    null,
  )
  const others = median(work.flatMap((one) => (one === slowest ? [] : [one.workMs])))
  if (slowest === null || others === null || others <= 0 || work.length < ranks.length) return null
  return { rank: slowest.rank, timesOthers: slowest.workMs / others }
}
