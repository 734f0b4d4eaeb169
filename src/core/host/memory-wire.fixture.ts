import type { HostEvent, HostSnapshot } from '../../shared/contract/events.js'
import { protocolVersion, type ToHost, type ToPage, type Wire } from '../../shared/contract/wire.js'

/** A page made of two functions: what it was sent, and what it says. Messages travel as JSON, as on a socket. */
export function memoryPage({ acknowledges = true, drawingIntervalMs = 0 } = {}) {
  const received: ToPage[] = []
  let toHost: (message: unknown) => void = () => {}
  let onClose: () => void = () => {}
  let open = true
  let nextCall = 0
  const waiting = new Map<number, (answer: ToPage) => void>()

  const say = (message: ToHost | unknown): void => {
    if (open) toHost(JSON.parse(JSON.stringify(message)))
  }
  const acknowledge = ({ sequence }: { sequence: number }): void =>
    say({ type: 'acknowledge', sequence, drawingIntervalMs })
  const wire: Wire<ToPage> = {
    send(message) {
      if (!open) return
      const copy = JSON.parse(JSON.stringify(message)) as ToPage
      received.push(copy)
      if ('sequence' in copy && acknowledges) acknowledge(copy)
      if ('id' in copy) waiting.get(copy.id)?.(copy)
    },
    flushed: () => Promise.resolve(),
    onMessage: (listener) => {
      toHost = listener
    },
    onClose: (listener) => {
      onClose = listener
    },
    close() {
      if (!open) return
      open = false
      onClose()
    },
  }
  return {
    wire,
    received,
    say,
    hello: () => say({ type: 'hello', protocol: protocolVersion }),
    /** Reads on, after it had stopped acknowledging. */
    catchUp() {
      for (const message of received) if ('sequence' in message) acknowledge(message)
    },
    call(command: string, request: unknown): Promise<Extract<ToPage, { id: number }>> {
      const id = nextCall++
      const answered = new Promise<ToPage>((resolve) => waiting.set(id, resolve))
      say({ type: 'call', id, command, request })
      return answered as Promise<Extract<ToPage, { id: number }>>
    },
    snapshots: (): HostSnapshot[] =>
      received.flatMap((message) => (message.type === 'snapshot' ? [message.snapshot] : [])),
    events: (): HostEvent[] =>
      received.flatMap((message) => (message.type === 'batch' ? message.events : [])),
    isOpen: () => open,
  }
}
