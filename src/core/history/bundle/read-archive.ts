import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, fromFdPromise, validateFileName, type ZipFile } from 'yauzl'
import { formatBytes } from '../../../shared/text/format.js'
import { type BundlePart, bundlePartNames, bundleParts } from './bundle-format.js'

/** Where an archive lies: in memory, or in an open file, which stays open. */
export type ArchiveBytes = { kind: 'memory'; bytes: Buffer } | { kind: 'file'; descriptor: number }

/** A bundle whose directory was read, and found to hold what a bundle holds and nothing else. */
export interface Archive {
  has(part: BundlePart): boolean
  /** The part's bytes, no more than its limit; fails where they are not those that were packed. */
  read(part: BundlePart): AsyncGenerator<Uint8Array>
}

/** Why an archive is not taken, in words that follow its name. */
export class ArchiveRefused extends Error {}

/** More than this from one byte is no text of a run, but an archive made to fill a disk. */
const mostUnpackedPerByte = 200

/** What is smaller may be packed as tightly as it can be. */
const ratioMattersBytes = 16 * 2 ** 20

/**
 * Reads the directory of a ZIP archive and checks it before a byte is unpacked: known names, each once, ordinary files,
 * not encrypted, of a size that a run can have. Throws `ArchiveRefused`.
 */
export async function readArchive(source: ArchiveBytes): Promise<Archive> {
  const zip = await openZip(source).catch(refuse)
  if (zip.entryCount > bundlePartNames.length) {
    throw new ArchiveRefused(`it has ${zip.entryCount} entries, more than a bundle`)
  }
  const entries = new Map<BundlePart, Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      const part = checkedPart(entry)
      if (entries.has(part)) throw new ArchiveRefused(`it has ${part} twice`)
      entries.set(part, entry)
    }
  } catch (error) {
    refuse(error)
  }
  const missing = bundlePartNames.find((part) => bundleParts[part].isNeeded && !entries.has(part))
  if (missing !== undefined)
    throw new ArchiveRefused(`it is an archive without ${missing}, so it is no bundle`)
  return {
    has: (part) => entries.has(part),
    async *read(part) {
      const entry = entries.get(part)
      if (entry !== undefined) yield* unpacked(zip, entry, part)
    },
  }
}

function openZip(source: ArchiveBytes): Promise<ZipFile> {
  const options = { decodeStrings: false, validateEntrySizes: true }
  return source.kind === 'memory'
    ? fromBufferPromise(source.bytes, options)
    : fromFdPromise(source.descriptor, options)
}

/** Throws `ArchiveRefused`. */
function checkedPart(entry: Entry): BundlePart {
  const name = entry.fileNameRaw.toString('utf8')
  const part = bundlePartNames.find((known) => known === name)
  if (part === undefined) {
    const shown = JSON.stringify(name.slice(0, 80))
    throw new ArchiveRefused(
      validateFileName(name) === null
        ? `it holds ${shown}, which no bundle does`
        : `it holds ${shown}, which would lie outside of the run's folder`,
    )
  }
  if (!isOrdinaryFile(entry)) throw new ArchiveRefused(`its ${part} is a link or a folder, not a file`)
  if (entry.isEncrypted()) throw new ArchiveRefused(`its ${part} is encrypted`)
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw new ArchiveRefused(`its ${part} is packed in a way that bundles are not`)
  }
  const { uncompressedSize, compressedSize } = entry
  const { mostBytes } = bundleParts[part]
  if (uncompressedSize > mostBytes) {
    throw new ArchiveRefused(
      `its ${part} has ${formatBytes(uncompressedSize)}; ${formatBytes(mostBytes)} are taken at most`,
    )
  }
  if (uncompressedSize > ratioMattersBytes && uncompressedSize > mostUnpackedPerByte * compressedSize) {
    throw new ArchiveRefused(
      `its ${part} would unpack from ${formatBytes(compressedSize)} to ${formatBytes(uncompressedSize)}, as no run's does`,
    )
  }
  return part
}

/** Systems without Unix's modes leave them 0. */
function isOrdinaryFile({ externalFileAttributes }: Entry): boolean {
  const fileType = (externalFileAttributes >>> 16) & 0o170000
  return fileType === 0 || fileType === 0o100000
}

async function* unpacked(zip: ZipFile, entry: Entry, part: BundlePart): AsyncGenerator<Uint8Array> {
  let checksum = 0
  try {
    // Fails by itself at the first byte beyond the size that was checked above.
    const stream = await zip.openReadStreamPromise(entry)
    for await (const piece of stream as AsyncIterable<Buffer>) {
      checksum = crc32(piece, checksum)
      yield piece
    }
  } catch (error) {
    refuse(error)
  }
  if (checksum !== entry.crc32) {
    throw new ArchiveRefused(`it is damaged: the checksum of its ${part} is another`)
  }
}

function refuse(error: unknown): never {
  if (error instanceof ArchiveRefused) throw error
  throw new ArchiveRefused(whyNotRead(error), { cause: error })
}

/** yauzl says what is wrong in sentences of its own; two of them people meet. */
function whyNotRead(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error)
  if (said.startsWith('End of central directory record signature not found')) {
    return 'it is cut off: the end of the archive is missing'
  }
  if (said.includes('encryption')) return 'it is encrypted'
  return `it is damaged (${said.slice(0, 120)})`
}
