import { monotonicNowMs } from '../../shared/clock.js'
import { assertNever } from '../../shared/errors.js'
import type { ClockExchange } from '../../shared/machine/clock-offset.js'
import { lineSchema, wireLimits } from './agent-protocol.js'
import type { LineWire } from './line-wire.js'
import { NumberedMessages } from './numbered-messages.js'

/** An end that lacks so much gets nothing more in passing. */
const mostWaitingInPassingBytes = 2 ** 20

export interface SessionListeners {
  /** As received: not validated. */
  onBody(body: unknown): void
  /** What came cannot be of an honest end of this session, or too much waits for it: the session is of no use any more. */
  onBroken(problem: string): void
  /** The other end's clock was asked, and has answered. */
  onClock?(exchange: ClockExchange): void
}

/** One end of the conversation between host and agent, over one wire after another. */
export class Session {
  private readonly messages = new NumberedMessages()
  private wire: LineWire | null = null

  constructor(private readonly listeners: SessionListeners) {}

  get isConnected(): boolean {
    return this.wire !== null
  }

  /** The number of the last message that this end has. */
  get received(): number {
    return this.messages.received
  }

  /** Goes on over this wire, with what the other end lacks. It has all up to `received`. */
  attach(wire: LineWire, received: number): void {
    this.wire?.close()
    this.wire = wire
    if (!this.messages.acknowledge(received)) {
      this.listeners.onBroken('has messages that were never sent')
      return
    }
    wire.trust(() => JSON.stringify({ type: 'beat', received: this.messages.received }))
    for (const line of this.messages.unacknowledged()) wire.sendLine(line)
  }

  /** Returns whether it was this session's wire. */
  detach(wire: LineWire): boolean {
    if (this.wire !== wire) return false
    this.wire = null
    return true
  }

  /** Kept until the other end has it, within limits. */
  send(body: unknown): void {
    const line = this.messages.add(body)
    this.wire?.sendLine(line)
    if (this.messages.waitingBytes > wireLimits.waitingBytes)
      this.listeners.onBroken('takes too little of what it is sent')
  }

  /** Lost where there is no wire, or where the other end is behind. */
  sendInPassing(body: unknown): void {
    if (this.messages.waitingBytes > mostWaitingInPassingBytes) return
    this.wire?.sendLine(JSON.stringify({ type: 'passing', body }))
  }

  /** Asks for the other end's clock, if there is a wire: a late answer would be of no use. */
  askClock(): void {
    this.wire?.sendLine(JSON.stringify({ type: 'clock', askedAtMs: monotonicNowMs() }))
  }

  /** A line of the session's wire. */
  hear(value: unknown): void {
    const heardAtMs = monotonicNowMs()
    const line = lineSchema.safeParse(value)
    if (!line.success) {
      this.listeners.onBroken('sent what is no line of the protocol')
      return
    }
    const { data } = line
    switch (data.type) {
      case 'beat':
        if (!this.messages.acknowledge(data.received))
          this.listeners.onBroken('has messages that were never sent')
        return
      case 'passing':
        this.listeners.onBody(data.body)
        return
      case 'clock': {
        const { askedAtMs } = data
        const stamps = { askedAtMs, receivedAtMs: heardAtMs, answeredAtMs: monotonicNowMs() }
        this.wire?.sendLine(JSON.stringify({ type: 'clock-answer', ...stamps }))
        return
      }
      case 'clock-answer': {
        const { type, ...stamps } = data
        this.listeners.onClock?.({ ...stamps, heardAtMs })
        return
      }
      case 'numbered':
        this.take(data)
        return
      default:
        assertNever(data, 'line of the wire')
    }
  }

  private take({ number, body }: { number: number; body?: unknown }): void {
    switch (this.messages.take(number)) {
      case 'new':
        this.listeners.onBody(body)
        return
      case 'again':
        return
      case 'gap':
        this.listeners.onBroken('left messages out')
    }
  }

  /** Says no more; what was sent goes out first. */
  end(): void {
    const { wire } = this
    this.wire = null
    wire?.end()
  }

  close(): void {
    const { wire } = this
    this.wire = null
    wire?.close()
  }
}
