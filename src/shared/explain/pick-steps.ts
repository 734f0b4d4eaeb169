import { median } from '../statistics/quantiles.js'
import type { RecordedStep } from './recorded-step.js'
import { stepLanes } from './step-lanes.js'

/** Steps of a measurement that are worth showing; null where no step qualifies. */
export interface PickedSteps {
  /** As long as the median step, as nearly as any. */
  typical: number | null
  /** The rank that arrived first waited longest. Null without arrivals. */
  straggler: number | null
  /** All ranks arrived most nearly together. Null without arrivals. */
  even: number | null
}

/** A step of which more than this is in no phase explains little. */
export const mostRestShare = 0.1

/** Phases that say more time than the step took, by more than this share of it, are not to be believed. */
export const mostExcessShare = 0.01

/** The indices of the steps that explain best. Those of the first epoch come only where there is no other. */
export function pickSteps(steps: readonly RecordedStep[], deviceCount: number): PickedSteps {
  const explained = steps.filter((step) => {
    const { restShare, excessShare, clocksDisagree } = stepLanes(step, deviceCount)
    return restShare <= mostRestShare && excessShare <= mostExcessShare && !clocksDisagree
  })
  const later = explained.filter(({ epoch }) => epoch > 0)
  const candidates = later.length > 0 ? later : explained
  const middleMs = median(candidates.map(stepMs)) ?? 0
  const waits = candidates.flatMap((step) => {
    const spread = arrivalSpreadMs(step)
    return spread === null ? [] : [{ index: step.index, spread }]
  })
  return {
    typical: indexOfLeast(candidates, (step) => Math.abs(stepMs(step) - middleMs)),
    straggler: indexOfLeast(waits, ({ spread }) => -spread),
    even: indexOfLeast(waits, ({ spread }) => spread),
  }
}

/** How long the first rank to arrive waited for the last, in milliseconds; null without arrivals or with one rank. */
export function arrivalSpreadMs({ ranks }: RecordedStep): number | null {
  const arrivals = ranks.flatMap(({ arrivedAtMs }) => arrivedAtMs ?? [])
  if (arrivals.length < 2 || arrivals.length < ranks.length) return null
  return Math.max(...arrivals) - Math.min(...arrivals)
}

function stepMs({ ranks }: RecordedStep): number {
  return Math.max(...ranks.map((rank) => rank.stepMs))
}

function indexOfLeast<Item extends { index: number }>(
  items: readonly Item[],
  of: (item: Item) => number,
): number | null {
  let least: Item | null = null
  for (const item of items) if (least === null || of(item) < of(least)) least = item
  return least?.index ?? null
}
