import { existsSync, readdirSync, rmSync } from 'node:fs'
import { open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TandemError } from '../../shared/errors.js'
import type { Deadline } from './deadline.js'
import { exchangeFolderUnusable } from './errors.js'

/** To another rank, or from it: then `content` is filled and must have the length that was sent. */
export interface Message {
  rank: number
  content: Uint8Array | Uint16Array | Float32Array | Float64Array
}

/**
 * Messages between ranks as files in a folder: written under another name, renamed when complete, removed by the
 * one rank they are for. Each pair of ranks counts its messages, so order needs no other agreement.
 */
export interface Mailbox {
  /**
   * Sends, then receives.
   * @throws TandemError as `deadline.check`, which is told the ranks whose message has not come;
   * `collective-mismatch`, `exchange-folder-unusable`.
   */
  exchange(outgoing: readonly Message[], incoming: readonly Message[], deadline: Deadline): Promise<void>
  /** Removes what was left for this rank and, if `unread`, what the others have not taken yet. */
  discard(options: { unread: boolean }): void
}

const longestPauseMs = 20

export function createMailbox(folder: string, rank: number, worldSize: number): Mailbox {
  const sent = new Array<number>(worldSize).fill(0)
  const received = new Array<number>(worldSize).fill(0)

  async function send({ rank: to, content }: Message): Promise<void> {
    const path = join(folder, messageName(rank, to, sent[to] ?? 0))
    sent[to] = (sent[to] ?? 0) + 1
    await writeFile(`${path}.part`, content, { mode: 0o600 })
    await rename(`${path}.part`, path)
  }

  async function receive({ rank: from, content }: Message, check: () => void): Promise<void> {
    const path = join(folder, messageName(from, rank, received[from] ?? 0))
    received[from] = (received[from] ?? 0) + 1
    for (let pauseMs = 1; !(await readInto(path, content)); pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      check()
      await sleep(pauseMs)
    }
    // Virus scanners on Windows hold new files open for a moment.
    await rm(path, { maxRetries: 5 })
  }

  return {
    async exchange(outgoing, incoming, deadline) {
      deadline.check(() => [])
      await allOrFirstError(outgoing.map(send), rank, folder)
      const missing = new Set(incoming.map((message) => message.rank))
      const check = () => deadline.check(() => [...missing])
      const arrivals = incoming.map(async (message) => {
        await receive(message, check)
        missing.delete(message.rank)
      })
      await allOrFirstError(arrivals, rank, folder)
    },

    discard({ unread }) {
      if (!existsSync(folder)) return // its owner was quicker
      const own = (name: string) =>
        name.includes(`-to-${rank}-`) || (unread && name.startsWith(`from-${rank}-`))
      for (const name of readdirSync(folder).filter(own)) rmSync(join(folder, name), { force: true })
    },
  }
}

function messageName(from: number, to: number, message: number): string {
  return `from-${from}-to-${to}-message-${message}`
}

/** Waits for all even if one fails, so that nothing goes on behind the caller's back. */
async function allOrFirstError(work: Promise<void>[], rank: number, folder: string): Promise<void> {
  const failure = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected')
  if (failure === undefined) return
  throw failure.reason instanceof TandemError
    ? failure.reason
    : exchangeFolderUnusable(rank, folder, failure.reason)
}

/** False if the file is not there yet. */
async function readInto(path: string, target: Message['content']): Promise<boolean> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (file === null) return false
  try {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    const { size } = await file.stat()
    if (size !== bytes.length) throw wrongLength(path, size, bytes.length)
    for (let position = 0; position < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, position, bytes.length - position, position)
      if (bytesRead === 0) throw wrongLength(path, position, bytes.length)
      position += bytesRead
    }
    return true
  } finally {
    await file.close()
  }
}

function wrongLength(path: string, found: number, expected: number): TandemError {
  return new TandemError({
    code: 'collective-mismatch',
    message: `${path} holds ${found} bytes where ${expected} were expected`,
    hint: 'All ranks of a group must make the same calls, in a folder of their own.',
  })
}
