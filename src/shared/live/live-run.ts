import type { Environment, RunWarning } from '../conditions/conditions.js'
import { assertNever } from '../errors.js'
import { isHere } from '../machine/device.js'
import {
  type MachinePassport,
  type MeasurementSummary,
  measurementKey,
  type RunStatus,
} from '../results/results.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import type { Script } from '../script/script.js'
import { worthOfStep } from '../script/script-counting.js'
import { DeviceSeries, type DeviceSeriesSnapshot } from './device-series.js'
import type { LiveEvent, LogLine, MeasurementPhase, RunSample } from './live-event.js'
import { StepSeries, type StepSeriesSnapshot } from './step-series.js'

/** The head of a run: everything but its series. Small; replaced as a whole when something in it changes. */
export interface RunHead {
  runId: string
  startedAtMs: number
  finishedAtMs: number | null
  status: RunStatus
  configuration: RunConfiguration
  machine: MachinePassport
  /** Of node 1 and those after it; absent for a run on one machine. */
  otherMachines?: readonly MachinePassport[]
  environment: Environment | null
  measurements: readonly MeasurementSummary[]
  notes: readonly string[]
  warnings: readonly RunWarning[]
  /** The measurement that is under way, by its key, and how far it is. */
  current: { id: string; phase: MeasurementPhase } | null
}

const keptLogLines = 2_000

/** More of each no run has; a recording can be anybody's, and what is beyond is left out. */
export const liveRunLimits = { measurements: 20_000, notes: 1_000, warnings: 1_000 }

/**
 * A run as it is known so far, folded from its events. The host folds it, and so does every page that follows
 * it, from a snapshot on: equal events make equal runs. Memory is bounded however long the run gets.
 */
export class LiveRun {
  private readonly stepsById = new Map<string, StepSeries>()
  /** Where each measurement stands in the head. */
  private readonly places: Map<string, number>

  private constructor(
    private currentHead: RunHead,
    readonly devices: DeviceSeries,
    private logLines: LogLine[],
    private newestSample: RunSample | null,
  ) {
    this.places = new Map(
      currentHead.measurements.map((measurement, place) => [measurementKey(measurement), place]),
    )
  }

  /** The run that an event begins; null for any other event. */
  static begin(event: LiveEvent): LiveRun | null {
    if (event.type !== 'run-started') return null
    const { runId, startedAtMs, configuration, machine, otherMachines, environment, measurements, notes } =
      event
    const head: RunHead = {
      runId,
      startedAtMs,
      finishedAtMs: null,
      status: 'incomplete',
      configuration,
      machine,
      ...(otherMachines !== undefined && { otherMachines }),
      environment,
      measurements,
      notes,
      warnings: [],
      current: null,
    }
    return new LiveRun(head, new DeviceSeries(), [], null)
  }

  get head(): RunHead {
    return this.currentHead
  }

  get log(): readonly LogLine[] {
    return this.logLines
  }

  get latestSample(): RunSample | null {
    return this.newestSample
  }

  /** The steps of a measurement; undefined before it is warmed up. */
  steps(id: string): StepSeries | undefined {
    return this.stepsById.get(id)
  }

  apply(event: LiveEvent): void {
    const { head } = this
    switch (event.type) {
      case 'run-started':
        return
      case 'note': {
        const {
          samplesPerEpoch,
          chosen = samplesPerEpoch === null ? {} : { samplesPerEpoch },
          counts,
        } = event
        const configuration = { ...head.configuration, ...chosen }
        const notes = head.notes.length < liveRunLimits.notes ? [...head.notes, event.text] : head.notes
        this.currentHead = { ...head, configuration, notes }
        if (counts !== undefined && configuration.script !== undefined) {
          this.countBy({ ...configuration.script, counts })
        }
        return
      }
      case 'warning':
        this.putWarning(event)
        return
      case 'measurement':
        this.putMeasurement(event.measurement)
        return
      case 'phase':
        this.currentHead = { ...head, current: { id: event.id, phase: event.phase } }
        // What was disturbed begins anew: its steps are put aside with it.
        if (event.phase === 'starting') this.stepsById.delete(event.id)
        if (event.phase === 'training') {
          const series = this.stepsOf(event.id)
          if (series !== null) series.stepsPerEpoch = event.stepsPerEpoch
        }
        return
      case 'steps': {
        const series = this.stepsOf(event.id)
        for (const step of event.steps) series?.append(step)
        return
      }
      case 'telemetry':
        for (const sample of event.samples) this.devices.append(sample, head.startedAtMs)
        this.newestSample = event.samples.findLast(isHere) ?? this.newestSample
        return
      case 'log':
        this.logLines = [...this.logLines, ...event.lines].slice(-keptLogLines)
        return
      case 'run-finished':
        this.currentHead = { ...head, status: event.status, finishedAtMs: event.finishedAtMs, current: null }
        return
      default:
        assertNever(event, 'event of a run')
    }
  }

  toSnapshot(): LiveRunSnapshot {
    return {
      head: this.head,
      steps: [...this.stepsById].map(([id, series]) => ({ id, series: series.toSnapshot() })),
      devices: this.devices.toSnapshot(),
      log: this.logLines,
      latestSample: this.newestSample,
    }
  }

  static fromSnapshot({ head, steps, devices, log, latestSample }: LiveRunSnapshot): LiveRun {
    const run = new LiveRun(head, DeviceSeries.fromSnapshot(devices), log, latestSample)
    for (const { id, series } of steps) run.stepsById.set(id, StepSeries.fromSnapshot(series))
    return run
  }

  /** The steps of a script turn out to have no known samples: those that are there already are counted anew. */
  private countBy(script: Script): void {
    const { head } = this
    this.currentHead = { ...head, configuration: { ...head.configuration, script } }
    for (const measurement of head.measurements) {
      const { worldSize } = measurement
      this.stepsById.get(measurementKey(measurement))?.countAs(worthOfStep(script, worldSize) * worldSize)
    }
  }

  private putWarning({ code, text }: RunWarning): void {
    if (this.head.warnings.length >= liveRunLimits.warnings) return
    this.currentHead = { ...this.head, warnings: [...this.head.warnings, { code, text }] }
  }

  private putMeasurement(measurement: MeasurementSummary): void {
    const key = measurementKey(measurement)
    const place = this.places.get(key) ?? this.head.measurements.length
    if (place >= liveRunLimits.measurements) return
    this.places.set(key, place)
    const measurements = [...this.head.measurements]
    measurements[place] = measurement
    const ended = measurement.status !== 'running' && this.head.current?.id === key
    this.currentHead = { ...this.head, measurements, current: ended ? null : this.head.current }
  }

  /** Null for a measurement that the run does not have. */
  private stepsOf(id: string): StepSeries | null {
    const known = this.stepsById.get(id)
    if (known !== undefined) return known
    if (!this.places.has(id)) return null
    const series = new StepSeries()
    this.stepsById.set(id, series)
    return series
  }
}

/** A run as JSON, to go on from. */
export interface LiveRunSnapshot {
  head: RunHead
  steps: { id: string; series: StepSeriesSnapshot }[]
  devices: DeviceSeriesSnapshot
  log: LogLine[]
  latestSample: RunSample | null
}
