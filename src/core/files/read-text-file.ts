import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Socket } from 'node:net'
import type { TandemError } from '../../shared/errors.js'
import { formatBytes } from '../../shared/text/format.js'
import { whyNotRead } from '../../shared/why-not-read.js'
import { kindByBytes, kindByStats, tellingBytes } from './file-kind.js'

export interface TextFileLimits {
  longestBytes: number
  signal?: AbortSignal | undefined
  /** Makes the error of a file that cannot be read, from what is wrong with it: `it is a folder`. */
  refuse(why: string): TandemError
}

const readAtOnceBytes = 4 * 1024 * 1024

/**
 * An ordinary file as text, without a byte-order mark. Nothing waits for a writer that never comes: a pipe is read only
 * where a shell or a caller handed it over (`<(gunzip -c results.json.gz)`, `/dev/stdin`), and `signal` ends that too.
 *
 * Throws what `refuse` makes of anything else: a folder, a device, a file that is too large, compressed, UTF-16 or no
 * text, and what the file system says. Throws the reason of `signal` once it has fired.
 */
export async function readTextFile(path: string, limits: TextFileLimits): Promise<string> {
  limits.signal?.throwIfAborted()
  const bytes = isHandedOver(path) ? await readHandedOver(path, limits) : await readOrdinary(path, limits)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw limits.refuse('it is not text in UTF-8')
  }
}

/** Opening a pipe without waiting, then looking at what was opened, leaves no moment in which it could be exchanged. */
export const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

async function readOrdinary(path: string, limits: TextFileLimits): Promise<Uint8Array> {
  const { longestBytes, signal, refuse } = limits
  const file = await open(path, withoutWaiting).catch((error: unknown) => {
    throw refuse(whyNotRead(error))
  })
  try {
    const stats = await file.stat()
    const kind = kindByStats(stats)
    if (kind !== null) throw refuse(kind)
    const head = await readSome(file, Math.min(tellingBytes, stats.size), 0, limits)
    assertText(head, limits)
    if (stats.size > longestBytes) throw tooLarge(stats.size, limits)
    const bytes = Buffer.allocUnsafe(stats.size)
    let length = 0
    while (length < bytes.length) {
      signal?.throwIfAborted()
      const wanted = Math.min(readAtOnceBytes, bytes.length - length)
      const part = await readSome(file, wanted, length, limits)
      if (part.length === 0) break
      bytes.set(part, length)
      length += part.length
    }
    return bytes.subarray(0, length)
  } finally {
    await file.close()
  }
}

async function readSome(
  file: FileHandle,
  bytes: number,
  position: number,
  { refuse }: TextFileLimits,
): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file
    .read(Buffer.allocUnsafe(bytes), 0, bytes, position)
    .catch((error: unknown) => {
      throw refuse(whyNotRead(error))
    })
  return buffer.subarray(0, bytesRead)
}

/** A descriptor that this process was given, under the name that systems have for it. */
function isHandedOver(path: string): boolean {
  return /^\/(dev\/(fd\/\d+|stdin)|proc\/(self|\d+)\/fd\/\d+)$/.test(path)
}

async function readHandedOver(path: string, limits: TextFileLimits): Promise<Uint8Array> {
  let descriptor: number
  try {
    descriptor = openSync(path, withoutWaiting)
  } catch (error) {
    throw limits.refuse(whyNotRead(error))
  }
  if (!fstatSync(descriptor).isFIFO()) {
    closeSync(descriptor)
    return await readOrdinary(path, limits)
  }
  // A socket waits in the event loop, where a read of a file would hold a thread until a writer comes.
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false })
  const stop = (): void => void pipe.destroy()
  limits.signal?.addEventListener('abort', stop, { once: true })
  try {
    return await collect(pipe, limits)
  } finally {
    limits.signal?.removeEventListener('abort', stop)
    pipe.destroy()
  }
}

async function collect(pipe: Socket, limits: TextFileLimits): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of pipe as AsyncIterable<Buffer>) {
      pieces.push(piece)
      length += piece.length
      if (length > limits.longestBytes) throw tooLarge(length, limits)
    }
  } catch (error) {
    limits.signal?.throwIfAborted()
    throw error
  }
  const bytes = Buffer.concat(pieces)
  assertText(bytes.subarray(0, tellingBytes), limits)
  return bytes
}

function assertText(head: Uint8Array, { refuse }: TextFileLimits): void {
  if (head.length === 0) throw refuse('it is empty')
  const kind = kindByBytes(head)
  if (kind !== null) throw refuse(kind)
}

function tooLarge(bytes: number, { longestBytes, refuse }: TextFileLimits): TandemError {
  return refuse(`it has ${formatBytes(bytes)}; ${formatBytes(longestBytes)} are read at most`)
}
