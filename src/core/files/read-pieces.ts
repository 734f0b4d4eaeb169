import type { Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { kindByStats } from './file-kind.js'
import { withoutWaiting } from './read-text-file.js'

const pieceBytes = 256 * 1024

/**
 * An ordinary file as text in UTF-8, piece by piece; whoever reads it slowly is waited for. Throws what the file system
 * says, `EINVAL` for what is no file, and the reason of `signal` once it has fired.
 */
export async function* readPieces(path: string, signal?: AbortSignal, fromByte = 0): AsyncGenerator<string> {
  const file = await open(path, withoutWaiting)
  try {
    assertOrdinary(path, await file.stat())
    yield* piecesOf(file, signal, Number.POSITIVE_INFINITY, fromByte)
  } finally {
    await file.close()
  }
}

/** As `readPieces`, as bytes. Each piece is the caller's to keep. */
export async function* readBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path, withoutWaiting)
  try {
    assertOrdinary(path, await file.stat())
    for (;;) {
      signal?.throwIfAborted()
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, null)
      if (bytesRead === 0) break
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

function assertOrdinary(path: string, stats: Stats): void {
  const kind = kindByStats(stats)
  if (kind !== null) throw Object.assign(new Error(`${path}: ${kind}`), { code: 'EINVAL' })
}

/** What a file holds up to `endBytes`, or all of it. */
export async function* piecesOf(
  file: FileHandle,
  signal?: AbortSignal,
  endBytes = Number.POSITIVE_INFINITY,
  fromByte = 0,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const buffer = Buffer.allocUnsafe(pieceBytes)
  for (let position = fromByte; position < endBytes; ) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, Math.min(pieceBytes, endBytes - position), position)
    if (bytesRead === 0) break
    position += bytesRead
    yield decoder.decode(buffer.subarray(0, bytesRead), { stream: true })
  }
}
