import type { GroupStep } from '../../shared/live/group-step.js'
import type { Measurement, Results } from '../../shared/results.js'
import { GroupSteps } from '../live/group-steps.js'

/** Whether the run has, or was to have, every strategy more than once. */
export function hasRepeats({ measurements }: Results): boolean {
  return measurements.some(({ block }) => block > 0)
}

/** When training began, by the first step of any rank, in milliseconds since the Unix epoch; null without a step. */
export function trainingStartedAtMs({ ranks }: Measurement): number | null {
  const starts = ranks.flatMap(({ steps }) => steps[0]?.startedAtMs ?? [])
  return starts.length === 0 ? null : Math.min(...starts)
}

/** In the order in which they trained; those that never did stand at the end. */
export function inOrderOfTraining({ measurements }: Results): Measurement[] {
  const startOf = (measurement: Measurement): number =>
    trainingStartedAtMs(measurement) ?? Number.POSITIVE_INFINITY
  return [...measurements].sort((a, b) => {
    const [first, second] = [startOf(a), startOf(b)]
    return first === second ? 0 : first - second
  })
}

/** When each epoch began and ended, over all ranks, by its steps; null for one without any. */
export function epochSpanMs(
  { ranks }: Measurement,
  epoch: number,
): { startMs: number; endMs: number } | null {
  let startMs = Number.POSITIVE_INFINITY
  let endMs = Number.NEGATIVE_INFINITY
  for (const step of ranks.flatMap(({ steps }) => steps)) {
    if (step.epoch !== epoch) continue
    startMs = Math.min(startMs, step.startedAtMs)
    endMs = Math.max(endMs, step.startedAtMs + step.stepMs)
  }
  return startMs > endMs ? null : { startMs, endMs }
}

/** The steps of all ranks together, in order; one that not every rank has made is left out. */
export function* groupStepsOf({ ranks, worldSize }: Measurement): Generator<GroupStep> {
  const group = new GroupSteps(worldSize)
  const longest = ranks.reduce((most, { steps }) => Math.max(most, steps.length), 0)
  for (let index = 0; index < longest; index++) {
    for (const { rank, steps } of ranks) {
      const step = steps[index]
      if (step !== undefined) yield* group.add(rank, [step])
    }
  }
}
