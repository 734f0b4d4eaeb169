import type { ZodError } from 'zod'
import {
  type CommandName,
  isCommandName,
  type RequestOf,
  type Responses,
  requestSchemas,
} from '../../shared/contract/commands.js'
import type { HostEvent, HostSnapshot } from '../../shared/contract/events.js'
import {
  protocolVersion,
  type ToHost,
  type ToPage,
  toHostSchema,
  type Wire,
} from '../../shared/contract/wire.js'
import { TandemError, toErrorReport } from '../../shared/errors.js'
import { type CallLimits, CallQueue, pageCallLimits } from './call-queue.js'
import { EventQueue } from './event-queue.js'

/** What a session needs of its host. */
export interface SessionHost {
  snapshot(): HostSnapshot
  /** @param signal fires when nobody waits for the answer any more; without it somebody does */
  handle<Name extends CommandName>(
    command: Name,
    request: RequestOf<Name>,
    signal?: AbortSignal,
  ): Promise<Responses[Name]>
}

export interface SessionLimits {
  /** Events of this long go into one batch: ten batches a second at most. */
  batchMs: number
  /** Batches that may be under way before the page has acknowledged them. */
  batchesAhead: number
  /** Events, steps, samples and lines that wait for a page that does not keep up. */
  waitingUnits: number
  calls: CallLimits
}

export const defaultSessionLimits: SessionLimits = {
  batchMs: 100,
  batchesAhead: 4,
  waitingUnits: 5_000,
  calls: pageCallLimits,
}

/**
 * The host's side of one page: a snapshot and then batches of events, and answers to its calls.
 *
 * A page that reads slowly, or not at all, costs bounded memory: some batches are sent ahead, then events wait and
 * merge, and when too many wait they are thrown away. Once the page reads on it gets a snapshot in their place,
 * and is told how many were dropped. Calls wait for each other likewise, and for what was answered to be read; a page
 * that has left costs nothing more.
 */
export class Session {
  private readonly queue: EventQueue
  private readonly calls: CallQueue
  private readonly left = new AbortController()
  private greeted = false
  private sequence = 0
  /** Sequence numbers of what was sent and not yet acknowledged. */
  private ahead: number[] = []
  private timer: { handle: NodeJS.Timeout; firesAtMs: number } | null = null
  /** More waits than what is only drawn. */
  private isUrgent = false
  private sentAtMs = 0
  /** As the page says. */
  private drawingIntervalMs = 0

  constructor(
    private readonly wire: Wire<ToPage>,
    private readonly host: SessionHost,
    private readonly limits: SessionLimits = defaultSessionLimits,
    onEnd: () => void = () => {},
  ) {
    this.queue = new EventQueue(limits.waitingUnits)
    this.calls = new CallQueue(limits.calls, this.left.signal)
    wire.onMessage((message) => this.receive(message))
    wire.onClose(() => {
      this.stopTimer()
      this.queue.clear()
      this.greeted = false
      this.left.abort(gone())
      onEnd()
    })
  }

  notify(event: HostEvent): void {
    // What happened before the page said hello is in its snapshot.
    if (!this.greeted) return
    this.queue.add(event)
    this.sequence++
    if (!waitsForDrawing(event)) this.isUrgent = true
    this.schedule()
  }

  close(): void {
    this.wire.close()
  }

  private receive(message: unknown): void {
    const parsed = toHostSchema.safeParse(message)
    if (!parsed.success) {
      // Nothing a page of ours would ever send; who else it is need not be told why.
      this.wire.close()
      return
    }
    switch (parsed.data.type) {
      case 'hello':
        this.greet(parsed.data.protocol)
        return
      case 'acknowledge': {
        const { sequence, drawingIntervalMs } = parsed.data
        this.drawingIntervalMs = drawingIntervalMs
        this.ahead = this.ahead.filter((sent) => sent > sequence)
        this.schedule()
        return
      }
      case 'call':
        this.enqueue(parsed.data)
        return
    }
  }

  private greet(protocol: number): void {
    if (this.greeted) {
      // Each greeting is answered with a whole snapshot; a page of ours needs one.
      this.wire.close()
      return
    }
    if (protocol !== protocolVersion) {
      this.wire.send({ type: 'incompatible', protocol: protocolVersion })
      this.wire.close()
      return
    }
    this.greeted = true
    this.ahead = []
    this.sendSnapshot()
  }

  private enqueue({ id, command, request }: Extract<ToHost, { type: 'call' }>): void {
    try {
      if (!isCommandName(command)) throw unknownCommand(command)
      const parsed = requestSchemas[command].safeParse(request)
      if (!parsed.success) throw invalidRequest(command, parsed.error)
      this.calls.add(command, () => this.answer(id, command, parsed.data))
    } catch (thrown) {
      this.refuse(id, thrown)
    }
  }

  /** Resolves when the page has read the answer. Never rejects. */
  private async answer<Name extends CommandName>(
    id: number,
    command: Name,
    request: RequestOf<Name>,
  ): Promise<void> {
    try {
      this.wire.send({
        type: 'answer',
        id,
        response: await this.host.handle(command, request, this.left.signal),
      })
    } catch (thrown) {
      this.refuse(id, thrown)
    }
    await this.wire.flushed()
  }

  private refuse(id: number, thrown: unknown): void {
    this.wire.send({ type: 'refusal', id, error: toErrorReport(thrown) })
  }

  private schedule(): void {
    if (!this.greeted || this.ahead.length >= this.limits.batchesAhead) return
    if (this.queue.isEmpty && this.queue.dropped === 0) return
    const nowMs = performance.now()
    const nextDrawingMs = this.isUrgent ? 0 : this.sentAtMs + this.drawingIntervalMs
    const firesAtMs = Math.max(nowMs + this.limits.batchMs, nextDrawingMs)
    if (this.timer !== null && this.timer.firesAtMs <= firesAtMs) return
    this.stopTimer()
    this.timer = { handle: setTimeout(() => this.flush(), firesAtMs - nowMs), firesAtMs }
  }

  private flush(): void {
    this.timer = null
    this.isUrgent = false
    this.sentAtMs = performance.now()
    if (this.queue.dropped > 0) this.sendSnapshot()
    else if (!this.queue.isEmpty)
      this.send({ type: 'batch', sequence: this.sequence, events: this.queue.take() })
    this.schedule()
  }

  private sendSnapshot(): void {
    const { dropped } = this.queue
    this.queue.clear()
    this.send({ type: 'snapshot', sequence: this.sequence, dropped, snapshot: this.host.snapshot() })
  }

  private send(message: Extract<ToPage, { sequence: number }>): void {
    this.ahead.push(message.sequence)
    this.wire.send(message)
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer.handle)
    this.timer = null
  }
}

/** Nobody is told. */
function gone(): TandemError {
  return new TandemError({ code: 'page-left', message: 'the page has left', hint: '' })
}

/** What charts draw and nothing else shows. */
function waitsForDrawing(event: HostEvent): boolean {
  return event.type === 'live' && (event.event.type === 'steps' || event.event.type === 'telemetry')
}

function unknownCommand(command: string): TandemError {
  return new TandemError({
    code: 'unknown-command',
    message: `there is no command ${command}`,
    hint: 'Page and host are of different versions: reload the page.',
  })
}

/** Names the setting, where it is one of a run's that is wrong. */
function invalidRequest(command: string, { issues }: ZodError): TandemError {
  const path = issues[0]?.path ?? []
  const problem = issues[0]?.message ?? 'not valid'
  const [first, name] = path
  return new TandemError({
    code: 'invalid-request',
    message: `${command}: ${path.join('.')}: ${problem}`,
    hint: 'Correct the value, or reload the page if it was not you who chose it.',
    ...(first === 'configuration' && typeof name === 'string' && { setting: { name, problem } }),
  })
}
