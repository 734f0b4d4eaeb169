import { hostname } from 'node:os'
import { monotonicNowMs } from '../../shared/clock.js'
import type { LiveEvent } from '../../shared/live/live-event.js'
import type { Results } from '../../shared/results.js'
import type { RunEvent } from '../../shared/run-events.js'
import type { RunStage } from '../../shared/run-stage.js'
import type { RunHistory } from '../history/run-history.js'
import { RunRecorder } from '../history/run-recorder.js'
import { LiveTranslator } from '../live/live-translator.js'
import type { PreparedRun } from '../run/prepare-run.js'
import { runBenchmark } from '../run/run-benchmark.js'
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
  private remainingToldAtMs = 0
  private measured = 0

  private constructor(
    private readonly prepared: PreparedRun,
    private readonly ports: RunControlPorts,
    private readonly listener: StageListener,
    private readonly recorder: RunRecorder | null,
    /** What to warn of as soon as the run has begun. */
    private readonly problems: string[],
  ) {
    this.trainers = new WatchedTrainers((pids) => ports.telemetry?.watch(pids))
  }

  static async open(
    prepared: PreparedRun,
    ports: RunControlPorts,
    listener: StageListener,
  ): Promise<RecordedRun> {
    const problems = await otherRuns(ports.history)
    let run: RecordedRun | null = null
    // Before the first event a warning would have no run to belong to.
    const onFailure = (message: string): void => {
      if (run === null) problems.push(message)
      else run.publish({ type: 'warning', text: message })
    }
    const recorder = await RunRecorder.begin(ports.history.directory, prepared.runId, onFailure)
    run = new RecordedRun(prepared, ports, listener, recorder, problems)
    return run
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<Results> {
    const { prepared, ports, recorder } = this
    const unsubscribe = ports.telemetry?.onSample((sample) =>
      this.publish({ type: 'telemetry', samples: [this.trainers.name(sample)] }),
    )
    const spawn = this.trainers.watching(ports.trainers.spawn, (title, text) => {
      const lines = this.log.take(title, text)
      if (lines.length > 0) this.publish({ type: 'log', lines })
    })
    try {
      return await runBenchmark(
        prepared,
        {
          trainers: { ...ports.trainers, spawn, logDirectory: recorder?.folder.logs ?? null },
          saveResults: (results) => this.save(results, request),
        },
        { signal, onEvent: (event) => this.receive(event, request) },
      )
    } finally {
      unsubscribe?.()
      await recorder?.close()
    }
  }

  private receive(event: RunEvent, request: RunRequest): void {
    request.onEvent?.(event)
    for (const live of this.translator.translate(event)) this.publish(live)
    if (event.type === 'run-started') {
      for (const text of [...this.problems.splice(0), ...(request.warnings ?? [])])
        this.publish({ type: 'warning', text })
    }
    this.followStage(event)
  }

  private publish(event: LiveEvent): void {
    const nowMs = monotonicNowMs()
    this.recorder?.record(event, nowMs)
    this.ports.onLiveEvent(event)
    this.remaining.follow(event, nowMs, this.prepared.dataSize.trainSamples)
    if (nowMs - this.remainingToldAtMs < remainingEveryMs) return
    this.remainingToldAtMs = nowMs
    this.listener.remaining(this.remaining.seconds(nowMs))
  }

  private followStage(event: RunEvent): void {
    const { runId, measurements } = this.prepared
    switch (event.type) {
      case 'calibration-started':
        this.listener.enter({ kind: 'calibrating', runId })
        return
      case 'measurement-started': {
        if (event.measurement.status === 'skipped') return
        const { id, title } = event.measurement
        const count = measurements.filter(({ status }) => status !== 'skipped').length
        this.listener.enter({ kind: 'measuring', runId, id, title, index: ++this.measured, count })
        return
      }
      case 'measurement-finished':
        if (measurements.at(-1)?.id === event.measurement.id) {
          this.listener.enter({ kind: 'finishing', runId })
        }
        return
      default:
        return
    }
  }

  /** The history first: it does not fail. */
  private async save(results: Results, { saveResults }: RunRequest): Promise<void> {
    await this.recorder?.save(results)
    await saveResults?.(results)
  }
}

/** Another window or terminal on this machine may be measuring too; neither can know what the other costs it. */
async function otherRuns(history: RunHistory): Promise<string[]> {
  const running = (await history.list()).filter(
    ({ status, hostName }) => status === 'running' && hostName === hostname(),
  )
  return running.map(
    ({ runId }) =>
      `run ${runId} is under way on this machine as well: both take each other's time, and the figures of neither count`,
  )
}
