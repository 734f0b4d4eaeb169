import type { z } from 'zod'
import { settlesWithin } from '../within.js'
import { ChildLog } from './child-log.js'
import type { ChildExit, ChildOptions, ChildProgram } from './child-program.js'
import { SilenceWatchdog } from './silence-watchdog.js'

/** How long each step of an ending may take, in milliseconds: from it on, until the next one. */
export interface EndingPace {
  /** From now, for a child that was asked to end, or is about to by itself. 0: it is not to be waited for. */
  graceMs: number
  /** From SIGTERM until SIGKILL; null: there is no SIGTERM. */
  terminateMs: number | null
  /** From SIGKILL until it is given up on: a driver call can make a process unkillable. */
  killMs: number
}

/** What a supervised child is, and who is told what of it. */
export interface Supervision<Message> {
  start(listeners: Pick<ChildOptions, 'onMessage' | 'onOutput' | 'onExit'>): ChildProgram
  /** All that it may say. */
  schema: z.ZodType<Message>
  /** A file for what it prints; null for the end of it in memory alone. */
  logPath: string | null
  /** Without a word from its start on, before it counts as hung. */
  silenceMs: number
  onMessage(message: Message): void
  /** It said what is not understood. That does not count as heard: a child that says nothing else is as good as silent. */
  onMalformed(raw: unknown, error: z.ZodError): void
  /** At most once, and not while it is being ended. */
  onSilence(limitMs: number): void
  /** Once, as soon as it is gone, after all that it said and printed. */
  onExit(exit: ChildExit): void
  /** It was killed long ago and is still there. */
  onUnkillable(): void
}

/**
 * A child program from its start to its end: what it says is validated, what it prints is kept, its silence is noticed, and
 * it is ended step by step: asked, terminated, killed, given up on. What any of this means is up to its owner.
 */
export class SupervisedChild<Message> {
  readonly log: ChildLog
  /** Resolves once it is gone and its log is closed, however long that takes; never rejects. */
  readonly gone: Promise<void>

  private readonly child: ChildProgram
  private readonly watchdog: SilenceWatchdog
  private settleGone!: () => void
  private hasEnded = false
  private ending: Promise<void> | null = null

  constructor(private readonly supervision: Supervision<Message>) {
    this.log = new ChildLog(supervision.logPath)
    this.gone = new Promise((resolve) => {
      this.settleGone = resolve
    })
    this.child = supervision.start({
      onMessage: (message) => this.receive(message),
      onOutput: (text) => this.log.append(text),
      onExit: (exit) => this.exited(exit),
    })
    this.watchdog = new SilenceWatchdog(supervision.silenceMs, (limitMs) => supervision.onSilence(limitMs))
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  /** A message to a child that is gone is lost. */
  send(message: unknown): void {
    if (!this.hasEnded) this.child.send(message)
  }

  /** From now on, this long a silence is too long. */
  allowSilence(limitMs: number): void {
    this.watchdog.allow(limitMs)
  }

  /**
   * Sees it to its end, whatever it takes; its silence no longer counts. The first call sets the pace. Resolves when it is
   * gone, or given up on.
   */
  end(pace: EndingPace): Promise<void> {
    this.watchdog.close()
    this.ending ??= this.escalate(pace)
    return this.ending
  }

  private async escalate({ graceMs, terminateMs, killMs }: EndingPace): Promise<void> {
    if (await this.isGoneWithin(graceMs)) return
    if (terminateMs !== null) {
      this.child.terminate()
      if (await this.isGoneWithin(terminateMs)) return
    }
    this.child.kill()
    if (await this.isGoneWithin(killMs)) return
    this.supervision.onUnkillable()
    await this.log.close()
  }

  private async isGoneWithin(ms: number): Promise<boolean> {
    return this.hasEnded || (ms > 0 && (await settlesWithin(ms, this.gone)))
  }

  private receive(raw: unknown): void {
    const parsed = this.supervision.schema.safeParse(raw)
    if (!parsed.success) {
      this.supervision.onMalformed(raw, parsed.error)
      return
    }
    this.watchdog.heard()
    this.supervision.onMessage(parsed.data)
  }

  private exited(exit: ChildExit): void {
    this.hasEnded = true
    this.watchdog.close()
    this.supervision.onExit(exit)
    void this.log.close().then(() => this.settleGone())
  }
}
