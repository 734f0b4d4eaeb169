import type { StepRecord } from '../../shared/child/trainer-protocol.js'
import type { GroupStep } from '../../shared/live/group-step.js'
import type { RecordedEvent } from '../../shared/live/live-event.js'
import { LiveRun, type RunHead } from '../../shared/live/live-run.js'
import {
  type Measurement,
  measurementKey,
  type Results,
  resultsVersion,
} from '../../shared/results/results.js'

/**
 * The results of a run of which only the recording is there: as far as it goes, and `incomplete` where it breaks off.
 * Of a group of ranks a recording has the steps joined, so its series of steps stay empty. Null where the events begin
 * no run.
 */
export async function resultsOfRecording(events: AsyncIterable<RecordedEvent>): Promise<Results | null> {
  let run: LiveRun | null = null
  const steps = new Map<string, StepRecord[]>()
  for await (const { event } of events) {
    // Samples and logs are most of a recording, and none of its results.
    if (event.type === 'telemetry' || event.type === 'log') continue
    if (run === null) run = LiveRun.begin(event)
    else run.apply(event.type === 'steps' ? { ...event, steps: [] } : event)
    if (event.type === 'steps') keepSteps(steps, event.id, event.steps)
  }
  return run === null ? null : resultsOf(run.head, steps)
}

function keepSteps(all: Map<string, StepRecord[]>, id: string, steps: readonly GroupStep[]): void {
  const known = all.get(id) ?? []
  all.set(id, known)
  for (const { ranks, endedAtMs, loss, ...step } of steps) {
    if (ranks !== null) continue
    const startedAtMs = endedAtMs - step.stepMs
    known.push({ ...step, ...(loss !== null && { loss }), startedAtMs, arrivedAtMs: null })
  }
}

function resultsOf(head: RunHead, steps: ReadonlyMap<string, StepRecord[]>): Results {
  const { runId, status, configuration, machine, otherMachines, environment, measurements, notes, warnings } =
    head
  return {
    format: 'tandem-results',
    version: resultsVersion,
    runId,
    startedAt: new Date(head.startedAtMs).toISOString(),
    finishedAt: head.finishedAtMs === null ? null : new Date(head.finishedAtMs).toISOString(),
    status,
    configuration,
    notes: [...notes],
    warnings: [...warnings],
    machine,
    ...(otherMachines !== undefined && { otherMachines: [...otherMachines] }),
    environment,
    measurements: measurements.map((measurement): Measurement => {
      const { worldSize } = measurement
      const ofProcess = worldSize === 1 ? (steps.get(measurementKey(measurement)) ?? []) : []
      const ranks = Array.from({ length: worldSize }, (_, rank) => ({ rank, steps: ofProcess }))
      return { ...measurement, ranks }
    }),
  }
}
