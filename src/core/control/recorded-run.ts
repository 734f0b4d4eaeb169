import { monotonicNowMs } from '../../shared/clock.js'
import type { Conditions } from '../../shared/conditions/conditions.js'
import type { LiveEvent } from '../../shared/live/live-event.js'
import { devicesOfRun, isHere } from '../../shared/machine/device.js'
import type { Results } from '../../shared/results/results.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import type { RunStage } from '../../shared/run/run-stage.js'
import { cacheFolder } from '../cache-folder.js'
import { MachineWatch } from '../conditions/machine-watch.js'
import { RunRecorder } from '../history/run-recorder.js'
import { LiveTranslator } from '../live/live-translator.js'
import type { OtherMachines } from '../machines/other-machines.js'
import { openPaceFile } from '../run/pace-file.js'
import type { PreparedRun } from '../run/prepare-run.js'
import { runBenchmark } from '../run/run-benchmark.js'
import { RunDocument } from '../run/run-document.js'
import { RunWarnings } from '../run/run-warnings.js'
import { OtherRuns } from './other-runs.js'
import { RemainingTime } from './remaining-time.js'
import type { RunControlPorts, RunRequest } from './run-control-ports.js'
import { RunLog } from './run-log.js'
import { WatchedTrainers } from './watched-trainers.js'

/** Told to whoever holds the state of the run. */
export interface StageListener {
  enter(stage: RunStage): void
  remaining(seconds: number | null): void
}

/** The time left changes with every step; nobody reads it that often. */
const remainingEveryMs = 1_000

/**
 * One run from its first event to its last: measured, translated for views, recorded, and watched by the sampler.
 */
export class RecordedRun {
  private readonly translator = new LiveTranslator(monotonicNowMs)
  private readonly remaining = new RemainingTime()
  private readonly log = new RunLog(monotonicNowMs)
  private readonly trainers: WatchedTrainers
  private readonly machine: MachineWatch
  /** A run's recording begins with its start: what the sampler sees before that is of nobody. */
  private hasStarted = false
  private remainingToldAtMs = 0
  private measured = 0
  /** The end of the run, which views hear of once it is on the disk. */
  private ending: LiveEvent | null = null
  private repeated = 0
  private blocks: number
  /** What quick tries, or tried last. */
  private trial: Extract<RunStage, { kind: 'calibrating' }> | null = null

  private constructor(
    private readonly prepared: PreparedRun,
    private readonly ports: RunControlPorts,
    private readonly listener: StageListener,
    private readonly recorder: RunRecorder,
    /** What else goes on, for the results and for whoever looks. */
    readonly warnings: RunWarnings,
    private readonly otherRuns: OtherRuns,
  ) {
    const { measurements, gpuProblems } = prepared
    const { platform } = process
    this.blocks = prepared.configuration.repeats
    this.machine = new MachineWatch(
      devicesOfRun(measurements).filter(isHere),
      monotonicNowMs,
      platform,
      gpuProblems,
    )
    this.trainers = new WatchedTrainers((pids) => ports.telemetry?.watch(pids))
  }

  static async open(
    prepared: PreparedRun,
    ports: RunControlPorts,
    listener: StageListener,
  ): Promise<RecordedRun> {
    const otherRuns = new OtherRuns(ports.history, prepared.runId)
    const warnings = new RunWarnings(await otherRuns.find())
    const begun = new RunDocument(prepared).snapshot()
    const recorder = await RunRecorder.begin(ports.history, begun, (warning) => warnings.add(warning))
    return new RecordedRun(prepared, ports, listener, recorder, warnings, otherRuns)
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<Results> {
    const { prepared, ports, recorder } = this
    for (const warning of request.warnings ?? []) this.warnings.add(warning)
    const unsubscribe = ports.telemetry?.onSample((sample) => {
      const named = this.trainers.name(sample)
      this.machine.add(named)
      const { machines } = request
      const own = machines === undefined ? named : { ...named, machine: 0 }
      if (this.hasStarted) this.publish({ type: 'telemetry', samples: [own] })
    })
    const unsubscribeOthers = request.machines?.onSample((sample) => {
      if (this.hasStarted) this.publish({ type: 'telemetry', samples: [sample] })
    })
    const keepLog = (title: string, text: string): void => {
      const lines = this.log.take(title, text)
      if (lines.length > 0) this.publish({ type: 'log', lines })
    }
    const trainers = {
      ...ports.trainers,
      spawn: this.trainers.watching(ports.trainers.spawn, keepLog),
      spawnCommand: this.trainers.watching(ports.trainers.spawnCommand, keepLog),
      logDirectory: recorder.folder.logs,
      ...(request.machines !== undefined && { machines: loggedMachines(request.machines, keepLog) }),
    }
    try {
      return await runBenchmark(
        prepared,
        {
          trainers,
          saveResults: (results) => this.save(results, request),
          observer: {
            environment: () => this.machine.environment(),
            follow: (event) => this.machine.follow(event),
            conditions: () => this.machine.conditions(),
            conclude: () => this.conclude(),
          },
          warnings: this.warnings,
          paces: openPaceFile(cacheFolder(ports.environment)),
        },
        { signal, onEvent: (event) => this.receive(event, request) },
      )
    } finally {
      unsubscribe?.()
      unsubscribeOthers?.()
      await recorder.end()
      if (this.ending !== null) this.ports.onLiveEvent(this.ending)
    }
  }

  private receive(event: RunEvent, request: RunRequest): void {
    request.onEvent?.(event)
    this.machine.follow(event)
    if (event.type === 'run-started') this.hasStarted = true
    if (event.type === 'costs-expected') this.remaining.expectCosts(event.costs)
    for (const live of this.translator.translate(event)) this.publish(live)
    this.followStage(event)
  }

  private publish(event: LiveEvent): void {
    const nowMs = monotonicNowMs()
    this.recorder.record(event, nowMs)
    // Whoever hears that the run is over may open its recording at once: told when that has its end.
    if (event.type === 'run-finished') this.ending = event
    else this.ports.onLiveEvent(event)
    this.remaining.follow(event, nowMs, this.prepared.dataSize.trainSamples)
    // How much a script trains on in a step is known only afterwards.
    if (this.prepared.configuration.script !== undefined) return
    if (nowMs - this.remainingToldAtMs < remainingEveryMs) return
    this.remainingToldAtMs = nowMs
    this.listener.remaining(this.remaining.seconds(nowMs))
  }

  private followStage(event: RunEvent): void {
    const { runId, measurements } = this.prepared
    switch (event.type) {
      case 'calibration-started': {
        const { title, index, count, tunes } = event
        this.trial = { kind: 'calibrating', runId, title, index, count, tunes, remainingSeconds: null }
        this.listener.enter(this.trial)
        return
      }
      case 'tuning-progress':
        if (this.trial === null) return
        this.listener.enter({ ...this.trial, remainingSeconds: event.remainingSeconds })
        return
      case 'calibration-finished':
        this.blocks = event.chosen.repeats
        return
      case 'measurement-started': {
        if (event.measurement.status === 'skipped') return
        const { title, block, putAside } = event.measurement
        const count = measurements.filter(({ status }) => status !== 'skipped').length
        const isRepeat = putAside !== undefined
        const index = ((isRepeat ? this.repeated++ : this.measured++) % count) + 1
        const place = { title, index, count, block: block + 1, blocks: this.blocks, isRepeat }
        this.listener.enter({ kind: 'measuring', runId, ...place })
        return
      }
      case 'run-finished':
        this.listener.enter({ kind: 'finishing', runId })
        return
      default:
        return
    }
  }

  /** Ends the watch over a measurement. Another run may have come and gone meanwhile. */
  private async conclude(): Promise<Conditions | null> {
    for (const warning of await this.otherRuns.find()) this.warnings.add(warning)
    return await this.machine.conclude()
  }

  /** The history first: it does not fail. */
  private async save(results: Results, { saveResults }: RunRequest): Promise<void> {
    await this.recorder.save(results)
    await saveResults?.(results)
  }
}

/** The other machines, with what their trainers print kept as that of trainers here. */
function loggedMachines(
  machines: OtherMachines,
  keepLog: (title: string, text: string) => void,
): OtherMachines {
  return {
    nodes: machines.nodes,
    own: machines.own,
    prepare: (wish, waiting) => machines.prepare(wish, waiting),
    comeBack: (numbers, signal) => machines.comeBack(numbers, signal),
    absence: (machine) => machines.absence(machine),
    onSample: (listener) => machines.onSample(listener),
    address: (machine) => machines.address(machine),
    takeClock: (machine) => machines.takeClock(machine),
    findPorts: (machine, count) => machines.findPorts(machine, count),
    spawn: (machine, options) =>
      machines.spawn(machine, {
        ...options,
        onOutput(text) {
          options.onOutput(text)
          keepLog(options.title, text)
        },
      }),
  }
}
