import type { GroupStep } from '../../shared/live/group-step.js'
import { groupStepsOf } from '../../shared/live/group-steps.js'
import type { LiveEvent } from '../../shared/live/live-event.js'
import { type Measurement, measurementKey, withoutSteps } from '../../shared/results.js'
import { summarise } from '../../shared/summary.js'

export interface TimedEvent {
  /** Milliseconds since the Unix epoch. */
  timeMs: number
  event: LiveEvent
}

/** Steps this close together are one event, as they are while a run is recorded. */
const batchMs = 50

/** A measurement as it was before it had its turn. */
export function planned(measurement: Measurement): Measurement {
  if (measurement.status === 'skipped') return measurement
  const unmeasured = { ...measurement, status: 'running' as const, error: null, epochs: [] }
  return summarise([unmeasured])[0] ?? unmeasured
}

/**
 * What was told of one measurement while it was made, from what is known of it in the end.
 *
 * @param done what was measured before it: its figures are held against Single's of the same block
 * @param afterMs when it began, where it has no steps to tell
 */
export function measurementEvents(
  measurement: Measurement,
  done: readonly Measurement[],
  afterMs: number,
): TimedEvent[] {
  if (measurement.status === 'skipped') return []
  const id = measurementKey(measurement)
  const steps = [...groupStepsOf(measurement)]
  const [first] = steps
  const events: TimedEvent[] = []
  let timeMs = first === undefined ? afterMs : first.endedAtMs - first.stepMs
  const tell = (event: LiveEvent): void => void events.push({ timeMs, event })
  const tellState = (state: Measurement): void => {
    const [told = state] = summarise([...done, state]).slice(-1)
    tell({ type: 'measurement', measurement: withoutSteps(told) })
  }

  const before = planned(measurement)
  tellState(before)
  if (first !== undefined) {
    tell({ type: 'phase', id, phase: 'training', stepsPerEpoch: measurement.epochs[0]?.steps ?? null })
  }
  for (const epoch of epochsOf(measurement, steps)) {
    for (const batch of batches(steps.filter((step) => step.epoch === epoch))) {
      timeMs = Math.max(timeMs, (batch.at(-1) as GroupStep).endedAtMs)
      tell({ type: 'steps', id, steps: batch })
    }
    const reached = measurement.epochs.filter((record) => record.epoch <= epoch)
    tellState({ ...before, epochs: reached })
  }
  tellState(measurement)
  return events
}

function epochsOf({ epochs }: Measurement, steps: readonly GroupStep[]): number[] {
  return [...new Set([...epochs, ...steps].map(({ epoch }) => epoch))].sort((a, b) => a - b)
}

function batches(steps: readonly GroupStep[]): GroupStep[][] {
  const all: GroupStep[][] = []
  for (const step of steps) {
    const batch = all.at(-1)
    const begun = batch?.[0]
    if (batch === undefined || begun === undefined || step.endedAtMs - begun.endedAtMs > batchMs)
      all.push([step])
    else batch.push(step)
  }
  return all
}
