import { assertNever } from '../../shared/errors.js'
import {
  type FromSampler,
  fromSamplerSchema,
  type TelemetrySample,
  type ToSampler,
} from '../../shared/telemetry.js'
import { ChildLog } from '../child/child-log.js'
import type { ChildExit, ChildProgram, SpawnChild } from '../child/child-program.js'
import { SilenceWatchdog } from '../child/silence-watchdog.js'
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

  private readonly child: ChildProgram
  private readonly log = new ChildLog(null)
  private readonly watchdog: SilenceWatchdog
  private settleGone!: () => void
  private killTimer: NodeJS.Timeout | undefined
  private hasEnded = false
  /** No word from it counts any more: it is lost, or was told to stop. */
  private isOver = false
  private malformed: string | null = null

  constructor(
    private readonly host: SamplerHost,
    private readonly listeners: SamplerListeners,
  ) {
    this.gone = new Promise((resolve) => {
      this.settleGone = resolve
    })
    this.child = host.spawn({
      entry: host.entry,
      name: 'sampler',
      title: 'Sampler',
      environment: host.environment,
      onMessage: (message) => this.receive(message),
      onOutput: (text) => this.log.append(text),
      onExit: (exit) => this.exited(exit),
    })
    this.watchdog = new SilenceWatchdog(host.limits.startMs, (limitMs) => this.hung(limitMs))
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
    const { stopMs, killMs } = this.host.limits
    this.isOver = true
    this.watchdog.close()
    this.send({ type: 'stop' })
    if (await this.goneWithin(stopMs)) return
    this.kill()
    await this.goneWithin(killMs)
    clearTimeout(this.killTimer)
  }

  private send(message: ToSampler): void {
    if (!this.hasEnded) this.child.send(message)
  }

  private receive(raw: unknown): void {
    if (this.isOver) return
    const parsed = fromSamplerSchema.safeParse(raw)
    if (!parsed.success) {
      // It does not count as heard either: a sampler that says nothing else is as good as silent.
      const [issue] = parsed.error.issues
      this.malformed = `${issue?.path.join('.') || 'message'}: ${issue?.message}`
      return
    }
    this.watchdog.heard()
    this.tell(parsed.data)
  }

  private tell(message: FromSampler): void {
    switch (message.type) {
      case 'ready':
        this.listeners.onReady(message)
        return
      case 'sample':
        this.watchdog.allow(this.host.limits.silenceMs)
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
    this.kill()
  }

  private kill(): void {
    if (this.hasEnded) return
    this.child.kill()
    clearTimeout(this.killTimer)
    this.killTimer = setTimeout(() => {
      this.listeners.onUnkillable(
        `The sampler (process ${this.pid}) could not be ended; a device driver may be holding it.`,
      )
    }, this.host.limits.killMs)
  }

  private exited(exit: ChildExit): void {
    this.hasEnded = true
    this.watchdog.close()
    clearTimeout(this.killTimer)
    this.lose(describeExit(exit, this.log))
    this.settleGone()
  }

  private lose(reason: string): void {
    if (this.isOver) return
    this.isOver = true
    this.listeners.onLost(reason)
  }

  private async goneWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const elapsed = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, ms, false)
    })
    const ended = await Promise.race([this.gone.then(() => true), elapsed])
    clearTimeout(timer)
    return ended
  }
}

function describeExit({ code, signal, startError }: ChildExit, log: ChildLog): string {
  if (startError !== undefined) return `The sampler could not be started: ${startError.message}`
  const printed = log.tellingLines()
  const how = signal === null ? `exit code ${code}` : signal
  return `The sampler ended (${how})${printed === '' ? '' : `. It printed: ${printed}`}`
}
