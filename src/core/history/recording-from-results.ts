import { planPosition } from '../../shared/domain/measurement-ids.js'
import { type LiveEvent, type RecordedEvent, recordingVersion } from '../../shared/live/live-event.js'
import { type Measurement, type Results, withoutSteps } from '../../shared/results/results.js'
import { measurementEvents, planned, type TimedEvent } from './measurement-events.js'

/**
 * The recording of a run of which only the results are there: its steps at their times, its epochs after their last
 * step, and no telemetry. What is played from it looks as the run looked, but for devices and logs.
 */
export function recordingOf(results: Results): RecordedEvent[] {
  return [...eventsOf(results)]
}

/** The same as text in pieces, a line an event: one after the other, since of long runs not all fit into memory. */
export function* recordingText(results: Results): Generator<string> {
  let piece = ''
  for (const recorded of eventsOf(results)) {
    piece += `${JSON.stringify(recorded)}\n`
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield piece
}

const pieceLength = 2 ** 20

/** A recording never goes back in time, whatever its clocks did. */
function* eventsOf(results: Results): Generator<RecordedEvent> {
  const startedAtMs = Date.parse(results.startedAt)
  let latestMs = 0
  for (const { timeMs, event } of timedEvents(results, startedAtMs)) {
    latestMs = Math.max(latestMs, Math.round(timeMs - startedAtMs))
    yield { atMs: latestMs, event }
  }
}

function* timedEvents(results: Results, startedAtMs: number): Generator<TimedEvent> {
  yield { timeMs: startedAtMs, event: beginning(results, startedAtMs) }
  for (const warning of results.warnings) {
    yield { timeMs: startedAtMs, event: { type: 'warning', ...warning } }
  }
  const done: Measurement[] = []
  let afterMs = startedAtMs
  for (const measurement of inOrderOfTime(results.measurements)) {
    for (const event of measurementEvents(measurement, done, afterMs)) {
      afterMs = event.timeMs
      yield event
    }
    done.push(measurement)
  }
  if (results.finishedAt !== null && results.status !== 'incomplete') {
    const finishedAtMs = Date.parse(results.finishedAt)
    const event: LiveEvent = { type: 'run-finished', status: results.status, finishedAtMs }
    yield { timeMs: finishedAtMs, event }
  }
}

function beginning(results: Results, startedAtMs: number): LiveEvent {
  const { runId, configuration, machine, otherMachines, environment, measurements, notes } = results
  return {
    type: 'run-started',
    recordingVersion,
    runId,
    startedAtMs,
    configuration,
    machine,
    ...(otherMachines !== undefined && { otherMachines }),
    environment,
    measurements: [...measurements]
      .sort((a, b) => a.block - b.block || planPosition(a) - planPosition(b))
      .map((measurement) => withoutSteps(planned(measurement))),
    notes,
  }
}

/** By their first steps; one without steps stays behind the one before it. */
function inOrderOfTime(measurements: readonly Measurement[]): Measurement[] {
  let latestMs = 0
  const begun = measurements.map((measurement) => {
    latestMs = measurement.ranks[0]?.steps[0]?.startedAtMs ?? latestMs
    return { measurement, beganMs: latestMs }
  })
  return begun.sort((a, b) => a.beganMs - b.beganMs).map(({ measurement }) => measurement)
}
