import { planPosition } from '../domain/measurement-ids.js'
import { type MeasurementSummary, measurementKey } from '../results/results.js'
import type { LiveEvent, RecordedEvent } from './live-event.js'

/** Between two measurements, so that one can be seen to end before the next begins. */
export const pauseBetweenMs = 500

/**
 * A recording as it is told to an audience: block by block the base first, each measurement from the start of its
 * training on, one right after the other. Within a measurement all times are as recorded. What was measured again
 * comes once, as it was in the end. Samples of the machine and log lines belong to the order in which things happened,
 * and are left out. Empty where the recording does not begin with a run.
 */
export function stagedRecording(events: readonly RecordedEvent[]): RecordedEvent[] {
  const [first, ...others] = events
  if (first === undefined || first.event.type !== 'run-started') return []
  const facts = others.filter(({ event }) => event.type === 'note' || event.type === 'warning')
  const end = others.findLast(({ event }) => event.type === 'run-finished')
  const staged: RecordedEvent[] = [first, ...facts].map(({ event }) => ({ atMs: 0, event }))
  let atMs = 0
  for (const part of inStageOrder(partsOf(others, first.event.measurements))) {
    const beginsAtMs = trainingBegins(part)
    for (const { atMs: recordedAtMs, event } of part.events) {
      staged.push({ atMs: atMs + Math.max(0, recordedAtMs - beginsAtMs), event })
    }
    atMs += Math.max(0, (part.events.at(-1)?.atMs ?? beginsAtMs) - beginsAtMs) + pauseBetweenMs
  }
  if (end !== undefined) staged.push({ atMs: Math.max(0, atMs - pauseBetweenMs), event: end.event })
  return staged
}

/** One measurement's share of a recording. */
interface Part {
  measurement: MeasurementSummary
  events: RecordedEvent[]
}

function partsOf(events: readonly RecordedEvent[], planned: readonly MeasurementSummary[]): Part[] {
  const known = new Map(planned.map((measurement) => [measurementKey(measurement), measurement]))
  const parts = new Map<string, Part>()
  for (const recorded of events) {
    const { event } = recorded
    const key = keyOf(event)
    if (key === null) continue
    const measurement = event.type === 'measurement' ? event.measurement : known.get(key)
    if (measurement === undefined) continue
    const begun = parts.get(key)
    if (begun === undefined) parts.set(key, { measurement, events: [recorded] })
    // What was measured before it began anew is not what it came to.
    else if (event.type === 'phase' && event.phase === 'starting') begun.events = [recorded]
    else begun.events.push(recorded)
  }
  return [...parts.values()]
}

function keyOf(event: LiveEvent): string | null {
  if (event.type === 'measurement') return measurementKey(event.measurement)
  return event.type === 'phase' || event.type === 'steps' ? event.id : null
}

function inStageOrder(parts: readonly Part[]): Part[] {
  return [...parts].sort(
    ({ measurement: a }, { measurement: b }) => a.block - b.block || planPosition(a) - planPosition(b),
  )
}

function trainingBegins({ events }: Part): number {
  const training = events.find(({ event }) => event.type === 'phase' && event.phase === 'training')
  const step = events.find(({ event }) => event.type === 'steps')
  return (training ?? step ?? events.at(-1))?.atMs ?? 0
}
