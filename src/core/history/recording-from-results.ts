import type { LiveEvent, RecordedEvent } from '../../shared/live/live-event.js'
import { type Measurement, type Results, withoutSteps } from '../../shared/results.js'
import { measurementEvents, planned, type TimedEvent } from './measurement-events.js'

/**
 * The recording of a run of which only the results are there: its steps at their times, its epochs after their last
 * step, and no telemetry. What is played from it looks as the run looked, but for devices and logs.
 */
export function recordingOf(results: Results): RecordedEvent[] {
  const startedAtMs = Date.parse(results.startedAt)
  const events: TimedEvent[] = [
    { timeMs: startedAtMs, event: beginning(results, startedAtMs) },
    ...results.warnings.map((warning): TimedEvent => {
      return { timeMs: startedAtMs, event: { type: 'warning', ...warning } }
    }),
  ]
  const done: Measurement[] = []
  for (const measurement of inOrderOfTime(results.measurements)) {
    const afterMs = (events.at(-1) as TimedEvent).timeMs
    events.push(...measurementEvents(measurement, done, afterMs))
    done.push(measurement)
  }
  if (results.finishedAt !== null && results.status !== 'incomplete') {
    const finishedAtMs = Date.parse(results.finishedAt)
    const event: LiveEvent = { type: 'run-finished', status: results.status, finishedAtMs }
    events.push({ timeMs: finishedAtMs, event })
  }
  return forwards(events, startedAtMs)
}

function beginning(results: Results, startedAtMs: number): LiveEvent {
  const { runId, configuration, machine, environment, measurements, notes } = results
  return {
    type: 'run-started',
    runId,
    startedAtMs,
    configuration,
    machine,
    environment,
    measurements: measurements.map((measurement) => withoutSteps(planned(measurement))),
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

/** A recording never goes back in time, whatever its clocks did. */
function forwards(events: readonly TimedEvent[], startedAtMs: number): RecordedEvent[] {
  let latestMs = 0
  return events.map(({ timeMs, event }) => {
    latestMs = Math.max(latestMs, Math.round(timeMs - startedAtMs))
    return { atMs: latestMs, event }
  })
}
