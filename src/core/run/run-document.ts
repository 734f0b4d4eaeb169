import { monotonicNowMs } from '../../shared/clock.js'
import type { Environment, RunWarning } from '../../shared/conditions/conditions.js'
import { engines } from '../../shared/domain/engines.js'
import {
  type Measurement,
  measurementKey,
  type Results,
  resultsVersion,
} from '../../shared/results/results.js'
import { summarise } from '../../shared/results/summary.js'
import type { QuickChoice } from '../../shared/run/run-configuration.js'
import type { Script } from '../../shared/script/script.js'
import { withoutSamples } from '../../shared/script/script-counting.js'
import type { PreparedRun } from './prepare-run.js'

/** A run's results while they grow. Everything handed out is complete and valid at that moment. */
export class RunDocument {
  private readonly results: Results

  constructor({ runId, configuration, notes, machine, otherMachines }: PreparedRun) {
    this.results = {
      format: 'tandem-results',
      version: resultsVersion,
      runId,
      startedAt: new Date(monotonicNowMs()).toISOString(),
      finishedAt: null,
      status: 'incomplete',
      configuration,
      notes: [...notes],
      warnings: [],
      machine: { ...machine },
      ...(otherMachines !== undefined && { otherMachines }),
      environment: null,
      measurements: [],
    }
  }

  /** The work that quick chose, and why. */
  choose(chosen: QuickChoice, note: string): void {
    this.results.configuration = { ...this.results.configuration, ...chosen }
    this.results.notes.push(note)
  }

  /** Nothing tells the samples of a script's steps: all of them are counted by what is known, those that were measured before too. */
  countScript(counts: NonNullable<Script['counts']>): readonly Measurement[] {
    const { configuration, measurements } = this.results
    if (configuration.script === undefined) return []
    const script = { ...configuration.script, counts }
    this.results.configuration = { ...configuration, script }
    this.results.measurements = summarise(
      measurements.map((measurement) => withoutSamples(measurement, script)),
    )
    return this.results.measurements
  }

  note(text: string): void {
    this.results.notes.push(text)
  }

  warn(warning: RunWarning): void {
    this.results.warnings.push(warning)
  }

  /** The state that the machine was in before. */
  found(environment: Environment | null): void {
    this.results.environment = environment
  }

  /** Adds a measurement, or replaces what was there of it. Returns it with its summary figures. */
  put(measurement: Results['measurements'][number]): Results['measurements'][number] {
    const key = measurementKey(measurement)
    const others = this.results.measurements.filter((other) => measurementKey(other) !== key)
    // A folder that someone named does not always say which version it holds; the trainer does.
    const place = measurement.backend && engines[measurement.backend].passportVersion
    if (place) this.results.machine[place] ??= measurement.backendVersion
    this.results.measurements = summarise([...others, measurement])
    return this.results.measurements.at(-1) ?? measurement
  }

  snapshot(): Results {
    const { notes, warnings } = this.results
    return { ...this.results, notes: [...notes], warnings: [...warnings] }
  }

  finish(): Results {
    const ended = (status: Results['measurements'][number]['status']): boolean =>
      this.results.measurements.some((measurement) => measurement.status === status)
    this.results.status = ended('cancelled') ? 'cancelled' : ended('failed') ? 'failed' : 'complete'
    this.results.finishedAt = new Date(monotonicNowMs()).toISOString()
    return this.snapshot()
  }
}
