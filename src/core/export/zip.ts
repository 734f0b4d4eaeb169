import { Zip, ZipDeflate } from 'fflate'

/** A file to be packed; its content is made while it is. */
export interface ZippedFile {
  name: string
  content: AsyncIterable<string | Uint8Array>
}

/** An archive says when its files were made; one of equal files should be equal, whenever that was. */
const madeAt = new Date(1980, 0, 1)

/** A ZIP archive of the files, made while they are read. Equal files give equal bytes. */
export async function* zipped(
  files: AsyncIterable<ZippedFile> | Iterable<ZippedFile>,
): AsyncGenerator<Uint8Array> {
  // The archive hands over what is ready while it is being fed, and never later.
  const ready: Uint8Array[] = []
  const archive = new Zip((error, bytes) => {
    if (error !== null) throw error
    ready.push(bytes)
  })
  for await (const { name, content } of files) {
    const entry = new ZipDeflate(name, { level: 6 })
    entry.mtime = madeAt
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
