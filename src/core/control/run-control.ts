import { setTimeout } from 'node:timers/promises'
import { setByWallClock } from '../../shared/clock.js'
import type { RunWarning } from '../../shared/conditions/conditions.js'
import { engines } from '../../shared/domain/engines.js'
import { TandemError, toErrorReport } from '../../shared/errors.js'
import type { Results } from '../../shared/results/results.js'
import { type ControlState, idleControl, isActive, type RunStage } from '../../shared/run/run-stage.js'
import { describeDownload } from '../data/download-text.js'
import { type PreparedRun, prepareRun } from '../run/prepare-run.js'
import { prepareScript } from '../script/prepare-script.js'
import { RecordedRun } from './recorded-run.js'
import type { RunControlPorts, RunRequest } from './run-control-ports.js'

export interface AcceptedRun {
  runId: string
  /** Never rejects for what happens in a trainer: the results tell. */
  results: Promise<Results>
}

/**
 * The life of a benchmark, for every shell: one at a time, from what someone chose to results that are kept.
 * What it is at is its state; what happens in a run is told as live events, which are recorded as well.
 */
export class RunControl {
  private current: ControlState = idleControl
  private controller: AbortController | null = null
  private run: RecordedRun | null = null
  private ended: Promise<unknown> = Promise.resolve()

  constructor(private readonly ports: RunControlPorts) {}

  get state(): ControlState {
    return this.current
  }

  /**
   * Prepares a run and starts it. Resolves once it has begun, which may take a download.
   *
   * Throws `run-active` while another is under way, `cancelled` where it was stopped before it had begun, and
   * whatever `prepareRun` finds wrong with the choice.
   */
  async start(request: RunRequest): Promise<AcceptedRun> {
    if (isActive(this.current.stage)) throw alreadyActive()
    setByWallClock()
    const beginning = this.begin(request)
    // One that has only begun has files already, which are to tell its end.
    this.ended = beginning.then(({ results }) => results).catch(() => undefined)
    return await beginning
  }

  private async begin(request: RunRequest): Promise<AcceptedRun> {
    const controller = new AbortController()
    this.controller = controller
    this.enter({ kind: 'preparing', what: 'checking', detail: null })
    try {
      const preparing = this.prepare(request, controller.signal)
      const prepared = this.withAllocatorNote(await unlessAborted(controller.signal, preparing))
      const recorded = await RecordedRun.open(prepared, this.ports, {
        enter: (stage) => this.enter(stage),
        remaining: (seconds) => this.publish({ ...this.current, remainingSeconds: seconds }),
      })
      this.run = recorded
      return { runId: prepared.runId, results: this.see(recorded.run(request, controller.signal)) }
    } catch (thrown) {
      const cancelled = controller.signal.aborted
      const error = cancelled ? stoppedBefore() : thrown
      if (cancelled) this.enter({ kind: 'cancelled', runId: null })
      else this.enter({ kind: 'failed', runId: null, error: toErrorReport(thrown) })
      throw error
    }
  }

  /**
   * Counts down before something that nobody asked for, so that everyone sees it coming. Resolves with whether it ran
   * down: not if it was stopped, or something was started meanwhile.
   */
  async countDown(title: string, seconds: number): Promise<boolean> {
    if (this.current.stage.kind !== 'idle') return false
    for (let left = seconds; left > 0; left--) {
      const stage: RunStage = { kind: 'countdown', title, seconds: left }
      this.enter(stage)
      await setTimeout(1000, undefined, { ref: false })
      if (this.state.stage !== stage) return false
    }
    return true
  }

  /** Asks the run to end, if there is one: its trainers are gone within 5 seconds. Ends a countdown at once. */
  stop(): void {
    if (this.current.stage.kind === 'countdown') this.enter({ kind: 'idle' })
    if (!isActive(this.current.stage) || this.current.stopping) return
    this.publish({ ...this.current, stopping: true })
    this.controller?.abort()
  }

  /** Something begins beside the run that is under way, if one is: its results and whoever looks at it are told. */
  warn(warning: RunWarning): void {
    if (isActive(this.current.stage)) this.run?.warnings.add(warning)
  }

  /** Follows a run to its end, so that the state tells how it ended. */
  private async see(running: Promise<Results>): Promise<Results> {
    try {
      const results = await running
      this.enter(finalStage(results))
      return results
    } catch (thrown) {
      this.enter({ kind: 'failed', runId: null, error: toErrorReport(thrown) })
      throw thrown
    }
  }

  /** Resolves when no run is under way. */
  async idle(): Promise<void> {
    await this.ended
  }

  private withAllocatorNote(prepared: PreparedRun): PreparedRun {
    const { allocatorNote = null } = this.ports
    const { backends, baseDevice, notes } = prepared
    const isSlowed =
      baseDevice.kind === 'cpu' && backends.some(({ name }) => engines[name].usesTrainersAllocator)
    return allocatorNote === null || !isSlowed ? prepared : { ...prepared, notes: [...notes, allocatorNote] }
  }

  private prepare(request: RunRequest, signal: AbortSignal): Promise<PreparedRun> {
    const { environment, resourcesDirectory, tandemVersion } = this.ports
    const { onMissingEngine, processes, machines, engineSearch } = request
    const { script } = request.configuration
    if (script !== undefined) {
      const { python } = request
      return prepareScript(request.configuration, script, {
        environment,
        resourcesDirectory,
        tandemVersion,
        python,
        machines,
        signal,
        onWaiting: (text) => this.enter({ kind: 'preparing', what: 'checking', detail: text }),
      })
    }
    return prepareRun(request.configuration, {
      environment,
      resourcesDirectory,
      tandemVersion,
      tensorflowDirectory: request.tensorflowDirectory,
      python: request.python,
      signal,
      onDownload: (progress) => {
        request.onDownload?.(progress)
        this.enter({ kind: 'preparing', what: 'data', detail: describeDownload(progress) })
      },
      ...(onMissingEngine && {
        onMissingEngine: (search) => {
          this.enter({ kind: 'preparing', what: 'engine', detail: null })
          return onMissingEngine(search)
        },
      }),
      ...(processes !== undefined && { processes }),
      ...(machines !== undefined && { machines }),
      onWaiting: (text) => this.enter({ kind: 'preparing', what: 'checking', detail: text }),
      ...(engineSearch !== undefined && { engineSearch }),
    })
  }

  private enter(stage: RunStage): void {
    const active = isActive(stage)
    this.publish({
      stage,
      stopping: active && this.current.stopping,
      remainingSeconds: active ? this.current.remainingSeconds : null,
    })
  }

  private publish(state: ControlState): void {
    this.current = state
    this.ports.onState(state)
  }
}

function finalStage({ runId, status, measurements }: Results): RunStage {
  if (status === 'cancelled') return { kind: 'cancelled', runId }
  const error = measurements.find((measurement) => measurement.error !== null)?.error ?? null
  return error === null ? { kind: 'done', runId } : { kind: 'failed', runId, error }
}

/** Preparation asks programs that cannot be hurried; a stop does not wait for their answers. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(stoppedBefore())
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function alreadyActive(): TandemError {
  return new TandemError({
    code: 'run-active',
    message: 'a benchmark is under way already',
    hint: 'Wait for its end, or stop it.',
  })
}

function stoppedBefore(): TandemError {
  return new TandemError({ code: 'cancelled', message: 'stopped before anything was measured', hint: '' })
}
