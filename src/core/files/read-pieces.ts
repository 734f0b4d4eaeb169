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
    const kind = kindByStats(await file.stat())
    if (kind !== null) throw Object.assign(new Error(`${path}: ${kind}`), { code: 'EINVAL' })
    yield* piecesOf(file, signal, Number.POSITIVE_INFINITY, fromByte)
  } finally {
    await file.close()
  }
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
