import { randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  carrierLimits,
  type Hello,
  heartbeat,
  heartbeatMs,
  helloSchema,
  socketVariable,
  tokenVariable,
} from '../../shared/child/socket-carrier.js'
import { formatBytes } from '../../shared/text/format.js'
import { noteFolder } from '../leftovers/ledger.js'
import { temporaryName } from '../leftovers/temporary-name.js'
import { LineSplitter } from './line-splitter.js'

/** A stranger who connects and says nothing is not waited for. */
const helloTimeoutMs = 5_000
const mostStrangers = 16
/** How long after a process's end its ranks' last messages are waited for: one that its launcher left behind keeps talking. */
export const lastMessagesMs = 500
/** What macOS allows a socket's path, and Linux nearly. */
const longestPathBytes = 100
/** Of a line that is no JSON, for the error. */
const shownCharacters = 80

/** One rank's connection, once it has said who it is. */
export interface Peer {
  readonly hello: Hello
  /** To a rank that is gone it is lost. */
  send(message: unknown): void
  /** Cuts the connection; its program then ends itself. */
  close(): void
}

export interface PeerListeners {
  /** As received: parsed, not validated. */
  onMessage(message: unknown): void
  /** It broke the carrier's rules, and is heard no more. */
  onProblem(problem: string): void
  /** After its last message. */
  onClose(): void
}

export interface ProgramSocket {
  /** What the program needs to find and to open it. */
  readonly environment: Readonly<Record<string, string>>
  /** Lets nobody else in and removes the folder; who is connected stays so. */
  close(): void
}

/**
 * Opens a socket for programs that connect by themselves, in a folder that only this user can enter. `accept` is asked
 * about everyone who shows the token, and returns null for a rank that it does not expect, or already has: so a token
 * is good once a rank. Works from the moment it returns.
 */
export function openProgramSocket(accept: (peer: Peer) => PeerListeners | null): ProgramSocket {
  const token = randomBytes(32).toString('hex')
  const { path, remove } = newSocketPath()
  const strangers = new Set<Socket>()
  const server = createServer((socket) => {
    // A program that is killed resets its connection; `close` follows.
    socket.on('error', () => {})
    if (strangers.size >= mostStrangers) {
      socket.destroy()
      return
    }
    strangers.add(socket)
    socket.once('close', () => strangers.delete(socket))
    meet(socket, token, (peer) => {
      strangers.delete(socket)
      return accept(peer)
    })
  })
  server.on('error', () => {})
  server.listen(path)
  process.once('exit', remove)
  return {
    environment: { [socketVariable]: path, [tokenVariable]: token },
    close() {
      closeServer(server)
      for (const socket of strangers) socket.destroy()
      remove()
      process.off('exit', remove)
    },
  }
}

function closeServer(server: Server): void {
  if (server.listening) server.close()
}

function newSocketPath(): { path: string; remove(): void } {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\tandem-${randomBytes(16).toString('hex')}`, remove() {} }
  }
  const name = temporaryName()
  const nameBytes = Buffer.byteLength(join(tmpdir(), name, 'socket'))
  const place = nameBytes > longestPathBytes ? '/tmp' : tmpdir()
  noteFolder(place)
  const folder = join(place, name)
  mkdirSync(folder, { mode: 0o700 })
  return { path: join(folder, 'socket'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Hears a connection's first line, and from then on its messages. */
function meet(socket: Socket, token: string, accept: (peer: Peer) => PeerListeners | null): void {
  const splitter = new LineSplitter()
  const rate = new MessageRate()
  let listeners: PeerListeners | null = null
  const timer = setTimeout(() => socket.destroy(), helloTimeoutMs)
  socket.once('close', () => clearTimeout(timer))

  const refuse = (problem: string): void => {
    const told = listeners
    socket.destroy()
    told?.onProblem(problem)
  }
  const hear = (line: string): void => {
    if (listeners !== null) {
      const message = parse(line)
      if (message === undefined) {
        refuse(`sent a line that is not JSON: ${JSON.stringify(line.slice(0, shownCharacters))}`)
      } else listeners.onMessage(message)
      return
    }
    clearTimeout(timer)
    const hello = helloSchema.safeParse(parse(line))
    listeners = hello.success && isEqual(hello.data.token, token) ? accept(newPeer(socket, hello.data)) : null
    if (listeners === null) socket.destroy()
    else keepAlive(socket, listeners)
  }
  socket.on('data', (chunk: Buffer) => {
    const limit = (): number => (listeners === null ? carrierLimits.helloBytes : carrierLimits.lineBytes)
    let lines = 0
    const isWithinLimit = splitter.take(chunk, limit, (line) => {
      lines += 1
      if (!socket.destroyed) hear(line)
    })
    if (socket.destroyed) return
    if (!isWithinLimit) refuse(`sent a line longer than ${formatBytes(limit())}`)
    else if (rate.isTooHigh(lines, chunk.length)) {
      refuse(
        `sent more than ${carrierLimits.messagesPerSecond} messages or ${formatBytes(carrierLimits.bytesPerSecond)} in a second`,
      )
    }
  })
}

function newPeer(socket: Socket, hello: Hello): Peer {
  return {
    hello,
    send(message) {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
    },
    close: () => socket.destroy(),
  }
}

function keepAlive(socket: Socket, listeners: PeerListeners): void {
  const beat = setInterval(() => {
    // One that does not read gets no more than it can be told later.
    if (socket.writable && socket.writableLength === 0) socket.write(`${JSON.stringify(heartbeat)}\n`)
  }, heartbeatMs)
  beat.unref()
  socket.once('close', () => {
    clearInterval(beat)
    listeners.onClose()
  })
}

/** Undefined for what is no JSON. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isEqual(shown: string, token: string): boolean {
  const bytes = Buffer.from(shown)
  return bytes.length === Buffer.byteLength(token) && timingSafeEqual(bytes, Buffer.from(token))
}

/** Counts what comes in each second. */
class MessageRate {
  private since = performance.now()
  private messages = 0
  private bytes = 0

  isTooHigh(messages: number, bytes: number): boolean {
    const now = performance.now()
    if (now - this.since >= 1_000) {
      this.since = now
      this.messages = 0
      this.bytes = 0
    }
    this.messages += messages
    this.bytes += bytes
    return this.messages > carrierLimits.messagesPerSecond || this.bytes > carrierLimits.bytesPerSecond
  }
}
