import {
  type FromSampler,
  fromSamplerSchema,
  type TelemetrySample,
  type ToSampler,
} from '../../shared/child/telemetry.js'
import { assertNever } from '../../shared/errors.js'
import type { ChildLog } from '../child/child-log.js'
import type { ChildExit, SpawnChild } from '../child/child-program.js'
import { SupervisedChild } from '../child/supervised-child.js'
import type { TelemetryLimits } from './telemetry-limits.js'

/** What every sampler of a host shares. */
export interface SamplerHost {
  spawn: SpawnChild
  /** The built sampler program. */
  entry: string
  environment: NodeJS.ProcessEnv
  intervalMs: number
  limits: TelemetryLimits
}

export interface SamplerListeners {
  onReady(ready: Extract<FromSampler, { type: 'ready' }>): void
  onSample(sample: TelemetrySample): void
  /** At most once, as soon as it is known, with the reason for people; the process may still be running then. */
  onLost(reason: string): void
  /** It was killed long ago and is still there. */
  onUnkillable(problem: string): void
}

/** Owns one sampler process from its start to its end. Ends it when it is silent for too long. */
export class SamplerProcess {
  /** Resolves once the process is gone, however long that takes; never rejects. */
  readonly gone: Promise<void>

  private readonly child: SupervisedChild<FromSampler>
  /** No word from it counts any more: it is lost, or was told to stop. */
  private isOver = false
  private malformed: string | null = null

  constructor(
    private readonly host: SamplerHost,
    private readonly listeners: SamplerListeners,
  ) {
    this.child = new SupervisedChild({
      start: (child) =>
        host.spawn({
          entry: host.entry,
          name: 'sampler',
          title: 'Sampler',
          environment: host.environment,
          ...child,
        }),
      schema: fromSamplerSchema,
      logPath: null,
      silenceMs: host.limits.startMs,
      onMessage: (message) => this.receive(message),
      onMalformed: (_raw, { issues: [issue] }) => {
        this.malformed = `${issue?.path.join('.') || 'message'}: ${issue?.message}`
      },
      onSilence: (limitMs) => this.hung(limitMs),
      onExit: (exit) => this.lose(describeExit(exit, this.child.log)),
      onUnkillable: () =>
        listeners.onUnkillable(
          `The sampler (process ${this.pid}) could not be ended; a device driver may be holding it.`,
        ),
    })
    this.gone = this.child.gone
    this.send({ type: 'start', intervalMs: host.intervalMs })
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  /** The trainers that run now; replaces the list from before. */
  watch(pids: readonly number[]): void {
    this.send({ type: 'watch', pids: [...pids] })
  }

  /** Asks it to stop, then ends it: resolves when it is gone, or when it could not be ended. */
  async stop(): Promise<void> {
    this.isOver = true
    this.send({ type: 'stop' })
    await this.end(this.host.limits.stopMs)
  }

  private send(message: ToSampler): void {
    this.child.send(message)
  }

  private end(graceMs: number): Promise<void> {
    return this.child.end({ graceMs, terminateMs: null, killMs: this.host.limits.killMs })
  }

  private receive(message: FromSampler): void {
    if (this.isOver) return
    switch (message.type) {
      case 'ready':
        this.listeners.onReady(message)
        return
      case 'sample':
        this.child.allowSilence(this.host.limits.silenceMs)
        this.listeners.onSample(message.sample)
        return
      default:
        assertNever(message, 'message of the sampler')
    }
  }

  private hung(limitMs: number): void {
    const silence = `The sampler gave no sample for ${limitMs / 1000} s`
    const cause =
      this.malformed === null
        ? 'as when a device driver hangs'
        : `but what is not understood (${this.malformed})`
    this.lose(`${silence}, ${cause}.`)
    void this.end(0)
  }

  private lose(reason: string): void {
    if (this.isOver) return
    this.isOver = true
    this.listeners.onLost(reason)
  }
}

function describeExit({ code, signal, startError }: ChildExit, log: ChildLog): string {
  if (startError !== undefined) return `The sampler could not be started: ${startError.message}`
  const printed = log.tellingLines()
  const how = signal === null ? `exit code ${code}` : signal
  return `The sampler ended (${how})${printed === '' ? '' : `. It printed: ${printed}`}`
}
