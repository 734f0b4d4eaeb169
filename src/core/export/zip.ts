import { Zip, ZipDeflate } from 'fflate'
import type { ExportFile } from './data-export.js'

/** A ZIP archive of the files, made while they are read. */
export async function* zipped(
  files: AsyncIterable<ExportFile> | Iterable<ExportFile>,
): AsyncGenerator<Uint8Array> {
  // The archive hands over what is ready while it is being fed, and never later.
  const ready: Uint8Array[] = []
  const archive = new Zip((error, bytes) => {
    if (error !== null) throw error
    ready.push(bytes)
  })
  for await (const { name, content } of files) {
    const entry = new ZipDeflate(name, { level: 6 })
    archive.add(entry)
    for await (const piece of content) {
      entry.push(typeof piece === 'string' ? Buffer.from(piece) : piece)
      yield* ready.splice(0)
    }
    entry.push(new Uint8Array(), true)
    yield* ready.splice(0)
  }
  archive.end()
  yield* ready.splice(0)
}
