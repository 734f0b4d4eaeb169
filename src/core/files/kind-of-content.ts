import { open } from 'node:fs/promises'
import { kindByBytes, tellingBytes } from './file-kind.js'
import { withoutWaiting } from './read-text-file.js'

/** What a file is by how it begins, for people; null for text, or where nothing tells. Throws what the file system says. */
export async function kindOfContent(path: string): Promise<string | null> {
  const file = await open(path, withoutWaiting)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tellingBytes), 0, tellingBytes, 0)
    return kindByBytes(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}
