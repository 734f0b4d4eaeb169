import { backOffMs } from '../../shared/back-off.js'
import type { FromSampler, TelemetrySample, TelemetryState } from '../../shared/child/telemetry.js'
import { clockOffsetMs } from '../../shared/clock.js'
import { formatQuantity } from '../../shared/text/format.js'
import { GpuRoll } from './gpu-roll.js'
import { type SamplerHost, SamplerProcess } from './sampler-process.js'
import { defaultTelemetryLimits, type TelemetryLimits } from './telemetry-limits.js'

/** Four samples a second: more than the two that charts need, so that a late one leaves no gap. */
const defaultIntervalMs = 250

export interface TelemetryOptions extends Pick<SamplerHost, 'spawn' | 'entry' | 'environment'> {
  intervalMs?: number
  limits?: Partial<TelemetryLimits>
}

/**
 * The machine's figures for as long as it is open, from a sampler process that is started again whenever it hangs or
 * ends. At most one such process exists at any time.
 */
export class Telemetry {
  private readonly host: SamplerHost
  private readonly roll = new GpuRoll()
  private readonly sampleListeners = new Set<(sample: TelemetrySample) => void>()
  private readonly stateListeners = new Set<(state: TelemetryState) => void>()
  private currentState: TelemetryState = { state: 'starting', gpuSources: [], problems: [] }
  private sampler: SamplerProcess
  private pids: readonly number[] = []
  private ready: Extract<FromSampler, { type: 'ready' }> | null = null
  private startedAtMs = 0
  /** Of the host's clock when the sampler was started, which the sampler's keeps. */
  private samplerOffsetMs = 0
  /** Losses in a row. */
  private losses = 0
  private lastLoss: string | null = null
  private restarts = 0
  private restartTimer: NodeJS.Timeout | undefined
  private closing: Promise<void> | null = null

  /** Starts the sampler; what goes wrong with it is told by the state, never thrown. */
  constructor({ intervalMs = defaultIntervalMs, limits = {}, ...host }: TelemetryOptions) {
    this.host = { ...host, intervalMs, limits: { ...defaultTelemetryLimits, ...limits } }
    this.sampler = this.start()
  }

  get state(): TelemetryState {
    return this.currentState
  }

  /** @returns ends the subscription */
  onSample(listener: (sample: TelemetrySample) => void): () => void {
    this.sampleListeners.add(listener)
    return () => this.sampleListeners.delete(listener)
  }

  /** Called with every state after the present one. @returns ends the subscription */
  onState(listener: (state: TelemetryState) => void): () => void {
    this.stateListeners.add(listener)
    return () => this.stateListeners.delete(listener)
  }

  /** The trainers that run now; replaces the list from before, and holds for later samplers too. */
  watch(pids: readonly number[]): void {
    this.pids = [...pids]
    this.sampler.watch(this.pids)
  }

  /** Ends the sampler. Resolves when it is gone, or could not be ended; no listener is called after that. */
  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  private async end(): Promise<void> {
    clearTimeout(this.restartTimer)
    await this.sampler.stop()
    this.become({ state: 'stopped', gpuSources: [], problems: [] })
    this.sampleListeners.clear()
    this.stateListeners.clear()
  }

  private start(): SamplerProcess {
    this.ready = null
    this.startedAtMs = performance.now()
    this.samplerOffsetMs = clockOffsetMs()
    const sampler = new SamplerProcess(this.host, {
      onReady: (ready) => {
        this.ready = ready
      },
      onSample: (sample) => this.pass(sample),
      onLost: (reason) => this.lose(reason),
      onUnkillable: (problem) => this.addProblem(problem),
    })
    sampler.watch(this.pids)
    return sampler
  }

  private pass(sample: TelemetrySample): void {
    if (this.currentState.state !== 'running') this.become(this.runningState())
    const atMs = sample.atMs + clockOffsetMs() - this.samplerOffsetMs
    const complete = { ...sample, atMs, gpus: this.roll.complete(sample.gpus) }
    for (const listener of this.sampleListeners) listener(complete)
  }

  private runningState(): TelemetryState {
    const gaps = `Telemetry has gaps: the sampler was started again ${formatQuantity(this.restarts, 'time')}.`
    return {
      state: 'running',
      gpuSources: this.ready?.gpuSources ?? [],
      problems: [
        ...(this.ready?.problems ?? []),
        ...(this.lastLoss === null ? [] : [`${gaps} Last reason: ${this.lastLoss}`]),
      ],
    }
  }

  private lose(reason: string): void {
    const lifeMs = performance.now() - this.startedAtMs
    this.losses = lifeMs > this.host.limits.stableMs ? 1 : this.losses + 1
    this.lastLoss = reason
    this.become({ ...this.currentState, state: 'lost', problems: [reason] })
    // Never before: where a driver holds the old process, it would hold the new one too.
    void this.sampler.gone.then(() => this.startLater())
  }

  private startLater(): void {
    if (this.closing !== null) return
    const { firstRestartMs, mostRestartMs } = this.host.limits
    const waitMs = backOffMs(this.losses, { firstMs: firstRestartMs, mostMs: mostRestartMs })
    this.restartTimer = setTimeout(() => {
      this.restarts++
      this.sampler = this.start()
    }, waitMs)
  }

  private addProblem(problem: string): void {
    this.become({ ...this.currentState, problems: [...this.currentState.problems, problem] })
  }

  private become(state: TelemetryState): void {
    this.currentState = state
    for (const listener of this.stateListeners) listener(state)
  }
}
