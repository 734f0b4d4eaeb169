import { assertNever } from '../../shared/errors.js'
import { GroupSteps } from '../../shared/live/group-steps.js'
import { type LiveEvent, recordingVersion } from '../../shared/live/live-event.js'
import { measurementKey, withoutSteps } from '../../shared/results/results.js'
import type { MeasurementKey, RunEvent } from '../../shared/run/run-events.js'

/**
 * Turns the events of one run into what views of it are made of: ranks joined into groups, series left out of
 * measurements. One instance a run.
 */
export class LiveTranslator {
  private readonly groups = new Map<MeasurementKey, GroupSteps>()
  private readonly warmedUp = new Set<MeasurementKey>()

  /** @param nowMs the time of the events, in milliseconds since the Unix epoch, on the trainers' clock */
  constructor(private readonly nowMs: () => number) {}

  translate(event: RunEvent): LiveEvent[] {
    switch (event.type) {
      case 'run-started':
        return [
          {
            type: 'run-started',
            recordingVersion,
            runId: event.runId,
            startedAtMs: this.nowMs(),
            configuration: event.configuration,
            machine: event.machine,
            ...(event.otherMachines !== undefined && { otherMachines: event.otherMachines }),
            environment: event.environment,
            measurements: event.measurements.map(withoutSteps),
            notes: event.notes,
          },
        ]
      case 'calibration-started':
      case 'tuning-progress':
      case 'costs-expected':
        return []
      case 'calibration-finished':
        return [
          ...event.measurements.map(
            (measurement): LiveEvent => ({ type: 'measurement', measurement: withoutSteps(measurement) }),
          ),
          {
            type: 'note',
            text: event.note,
            samplesPerEpoch: event.chosen.samplesPerEpoch,
            chosen: event.chosen,
          },
        ]
      case 'measurement-started': {
        const { measurement } = event
        const id = measurementKey(measurement)
        this.groups.set(id, new GroupSteps(measurement.worldSize))
        this.warmedUp.delete(id)
        const begun: LiveEvent = { type: 'measurement', measurement: withoutSteps(measurement) }
        if (measurement.status !== 'running') return [begun]
        return [begun, { type: 'phase', id, phase: 'starting', stepsPerEpoch: null }]
      }
      case 'trainer-ready':
        if (event.rank !== 0) return []
        return [{ type: 'phase', id: event.id, phase: 'warming-up', stepsPerEpoch: null }]
      case 'warmed-up':
        // The first rank that is: steps of any rank may follow at once.
        if (this.warmedUp.has(event.id)) return []
        this.warmedUp.add(event.id)
        return [{ type: 'phase', id: event.id, phase: 'training', stepsPerEpoch: event.stepsPerEpoch }]
      case 'steps': {
        const steps = this.groups.get(event.id)?.add(event.rank, event.steps) ?? []
        return steps.length === 0 ? [] : [{ type: 'steps', id: event.id, steps }]
      }
      case 'epoch':
        // `measurement-updated` follows, with the figures that derive from it.
        return []
      case 'measurement-updated':
      case 'measurement-finished':
        return [{ type: 'measurement', measurement: withoutSteps(event.measurement) }]
      case 'note':
        return [
          {
            type: 'note',
            text: event.text,
            samplesPerEpoch: null,
            ...(event.counts !== undefined && { counts: event.counts }),
          },
        ]
      case 'warning':
        return [event]
      case 'run-finished':
        return [{ type: 'run-finished', status: event.results.status, finishedAtMs: this.nowMs() }]
      default:
        return assertNever(event, 'event of a run')
    }
  }
}
