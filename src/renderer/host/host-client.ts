import type { CommandName, RequestOf, Responses } from '../../shared/contract/commands.js'
import type { HostEvent, HostSnapshot } from '../../shared/contract/events.js'
import { protocolVersion, type ToPage } from '../../shared/contract/wire.js'
import { assertNever, type ErrorReport, TandemError } from '../../shared/errors.js'
import { asHostMessage, type OpenWire, type PageWire } from './page-wire.js'

export type Connection =
  | { status: 'connecting' }
  | { status: 'open' }
  /** It was open and is not now; it is tried again by itself. */
  | { status: 'lost' }
  /** The host is there and does not let this page in, for now; it is tried again by itself. */
  | { status: 'turned-away'; error: ErrorReport }
  /** The host is of another version than this page. */
  | { status: 'incompatible' }

export interface HostListener {
  onConnection(connection: Connection): void
  onSnapshot(snapshot: HostSnapshot, dropped: number): void
  onEvents(events: readonly HostEvent[]): void
  /** Between two drawings of the run that is under way: steps need not come more often. */
  drawingIntervalMs(): number
}

const retryMs = [250, 500, 1_000, 2_000, 4_000]

/**
 * The page's side of the conversation with its host: keeps a wire open, hands on snapshots and events in order,
 * acknowledges them once they are applied, and carries calls. A wire that drops is opened again, and the snapshot
 * that follows holds whatever was missed.
 */
export class HostClient {
  private wire: PageWire | null = null
  private greeted = false
  private attempts = 0
  private nextCall = 0
  private timer: ReturnType<typeof setTimeout> | null = null
  private closed = false
  /** Why the host has turned the latest wire away. */
  private refusal: ErrorReport | null = null
  private readonly calls = new Map<
    number,
    { resolve(value: unknown): void; reject(error: TandemError): void }
  >()

  constructor(
    private readonly openWire: OpenWire,
    private readonly listener: HostListener,
  ) {}

  connect(): void {
    this.listener.onConnection(this.unconnected())
    this.refusal = null
    const wire = this.openWire()
    this.wire = wire
    this.greeted = false
    wire.onMessage((message) => this.receive(wire, asHostMessage(message)))
    wire.onClose(() => this.lost(wire))
    wire.send({ type: 'hello', protocol: protocolVersion })
  }

  /** Asks the host. Rejects with the host's TandemError, or `connection-lost` where no answer can come any more. */
  call<Name extends CommandName>(command: Name, request: RequestOf<Name>): Promise<Responses[Name]> {
    const { wire } = this
    if (wire === null || !this.greeted) return Promise.reject(connectionLost())
    const id = this.nextCall++
    return new Promise<Responses[Name]>((resolve, reject) => {
      this.calls.set(id, { resolve: (value) => resolve(value as Responses[Name]), reject })
      wire.send({ type: 'call', id, command, request })
    })
  }

  close(): void {
    this.closed = true
    if (this.timer !== null) clearTimeout(this.timer)
    this.wire?.close()
  }

  private receive(wire: PageWire, message: ToPage): void {
    if (wire !== this.wire) return
    switch (message.type) {
      case 'snapshot':
        this.greeted = true
        this.attempts = 1
        this.listener.onSnapshot(message.snapshot, message.dropped)
        this.listener.onConnection({ status: 'open' })
        this.acknowledge(wire, message)
        return
      case 'batch':
        this.listener.onEvents(message.events)
        this.acknowledge(wire, message)
        return
      case 'answer':
        this.take(message.id)?.resolve(message.response)
        return
      case 'refusal':
        this.take(message.id)?.reject(new TandemError(message.error))
        return
      case 'turned-away':
        this.refusal = message.error
        this.listener.onConnection(this.unconnected())
        return
      case 'incompatible':
        this.closed = true
        this.listener.onConnection({ status: 'incompatible' })
        return
      default:
        assertNever(message, 'message of the host')
    }
  }

  private acknowledge(wire: PageWire, { sequence }: { sequence: number }): void {
    wire.send({ type: 'acknowledge', sequence, drawingIntervalMs: this.listener.drawingIntervalMs() })
  }

  private unconnected(): Connection {
    if (this.refusal !== null) return { status: 'turned-away', error: this.refusal }
    return { status: this.attempts === 0 ? 'connecting' : 'lost' }
  }

  private take(id: number) {
    const call = this.calls.get(id)
    this.calls.delete(id)
    return call
  }

  private lost(wire: PageWire): void {
    if (wire !== this.wire) return
    this.wire = null
    this.greeted = false
    for (const { reject } of this.calls.values()) reject(connectionLost())
    this.calls.clear()
    if (this.closed) return
    this.listener.onConnection(this.unconnected())
    const delayMs = retryMs[Math.min(this.attempts, retryMs.length - 1)]
    this.attempts++
    this.timer = setTimeout(() => this.connect(), delayMs)
  }
}

function connectionLost(): TandemError {
  return new TandemError({
    code: 'connection-lost',
    message: 'the connection to Tandem was lost',
    hint: 'It is tried again by itself; see whether Tandem still runs.',
  })
}
