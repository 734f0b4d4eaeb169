import type { GroupStep } from '../../shared/live/group-step.js'
import { groupStepsOf } from '../../shared/live/group-steps.js'
import type { LiveEvent } from '../../shared/live/live-event.js'
import { type Measurement, measurementKey, withoutSteps } from '../../shared/results/results.js'
import { summarise } from '../../shared/results/summary.js'

export interface TimedEvent {
  /** Milliseconds since the Unix epoch. */
  timeMs: number
  event: LiveEvent
}

/** Steps this close together are one event, as they are while a run is recorded. */
const batchMs = 50

/**
 * Each state has all epochs up to it. Of a measurement with very many epochs not every state is told, so that all of them
 * together hold about so many.
 */
const mostToldEpochs = 100_000

/** A measurement as it was before it had its turn. */
export function planned(measurement: Measurement): Measurement {
  if (measurement.status === 'skipped') return measurement
  const { slowestRank, ...before } = measurement
  const unmeasured = { ...before, status: 'running' as const, error: null, epochs: [] }
  return summarise([unmeasured])[0] ?? unmeasured
}

/**
 * What was told of one measurement while it was made, from what is known of it in the end.
 *
 * Yields them one by one: those of a long measurement do not fit into memory beside it.
 *
 * @param done what was measured before it: its figures are held against Single's of the same block
 * @param afterMs when it began, where it has no steps to tell
 */
export function* measurementEvents(
  measurement: Measurement,
  done: readonly Measurement[],
  afterMs: number,
): Generator<TimedEvent> {
  if (measurement.status === 'skipped') return
  const id = measurementKey(measurement)
  const byEpoch = stepsByEpoch(measurement)
  const first = byEpoch.find(({ steps }) => steps.length > 0)?.steps[0]
  let timeMs = first === undefined ? afterMs : first.endedAtMs - first.stepMs
  const tell = (event: LiveEvent): TimedEvent => ({ timeMs, event })
  const tellState = (state: Measurement): TimedEvent => {
    const [told = state] = summarise([...done, state]).slice(-1)
    return tell({ type: 'measurement', measurement: withoutSteps(told) })
  }

  const before = planned(measurement)
  yield tellState(before)
  if (first !== undefined) {
    yield tell({ type: 'phase', id, phase: 'training', stepsPerEpoch: measurement.epochs[0]?.steps ?? null })
  }
  const { epochs } = measurement
  const everyNth = Math.ceil(epochs.length ** 2 / 2 / mostToldEpochs)
  let reached = 0
  for (const [index, { epoch, steps }] of byEpoch.entries()) {
    for (const batch of batches(steps)) {
      timeMs = Math.max(timeMs, (batch.at(-1) as GroupStep).endedAtMs)
      yield tell({ type: 'steps', id, steps: batch })
    }
    while ((epochs[reached]?.epoch ?? Number.POSITIVE_INFINITY) <= epoch) reached++
    if (index % Math.max(1, everyNth) === 0) yield tellState({ ...before, epochs: epochs.slice(0, reached) })
  }
  yield tellState(measurement)
}

/** In order; epochs without steps too. Those of the results are in order already. */
function stepsByEpoch(measurement: Measurement): { epoch: number; steps: GroupStep[] }[] {
  const steps = new Map<number, GroupStep[]>(measurement.epochs.map(({ epoch }) => [epoch, []]))
  for (const step of groupStepsOf(measurement)) {
    const ofEpoch = steps.get(step.epoch)
    if (ofEpoch === undefined) steps.set(step.epoch, [step])
    else ofEpoch.push(step)
  }
  return [...steps].sort(([a], [b]) => a - b).map(([epoch, ofEpoch]) => ({ epoch, steps: ofEpoch }))
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
