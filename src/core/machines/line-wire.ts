import type { TLSSocket } from 'node:tls'
import { LineSplitter } from '../child/line-splitter.js'
import { beatMs, wireLimits, wireSilenceMs } from './agent-protocol.js'

/** JSON lines over one connection, for as long as it holds. */
export interface LineWire {
  readonly address: string
  /** To one that has closed, it is lost. */
  sendLine(line: string): void
  /** From now on lines may be longer than a stranger's, beats go out, and silence closes the wire. */
  trust(beat: () => string): void
  /** After what was sent has gone out. */
  end(): void
  close(): void
}

export interface WireListeners {
  /** As received: parsed, not validated; undefined for what is no JSON. */
  onLine(value: unknown): void
  /** Once, and last. */
  onClose(): void
}

/**
 * Takes a connection over, after its handshake. One that sends longer lines than it may, or nothing in time, is closed.
 *
 * @param hello how long its first line may take, and be
 */
export function openLineWire(
  socket: TLSSocket,
  hello: { ms: number; bytes: number },
  listeners: WireListeners,
): LineWire {
  const splitter = new LineSplitter()
  const address = socket.remoteAddress ?? ''
  let limit = hello.bytes
  let beating: NodeJS.Timeout | undefined
  let heardAtMs = performance.now()
  const deadline = setTimeout(() => socket.destroy(), hello.ms)
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    heardAtMs = performance.now()
    const isWithinLimit = splitter.take(
      chunk,
      () => limit,
      (line) => {
        if (!socket.destroyed) listeners.onLine(parse(line))
      },
    )
    if (!isWithinLimit) socket.destroy()
  })
  // An end that says nothing more is of no use, even while it would still read.
  socket.on('end', () => socket.destroy())
  socket.once('close', () => {
    clearTimeout(deadline)
    clearInterval(beating)
    listeners.onClose()
  })
  return {
    address,
    sendLine(line) {
      if (socket.writable) socket.write(`${line}\n`)
    },
    trust(beat) {
      clearTimeout(deadline)
      limit = wireLimits.lineBytes
      heardAtMs = performance.now()
      let beatAtMs = performance.now()
      beating = setInterval(() => {
        const nowMs = performance.now()
        // After a standstill of this process, what came meanwhile is read first.
        const stoodStill = nowMs - beatAtMs > wireSilenceMs / 2
        beatAtMs = nowMs
        if (!stoodStill && nowMs - heardAtMs > wireSilenceMs) socket.destroy()
        else if (socket.writable) socket.write(`${beat()}\n`)
      }, beatMs)
    },
    end: () => socket.end(),
    close: () => socket.destroy(),
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
