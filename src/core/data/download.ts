import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { archiveDirectory, splitFiles } from '../../shared/data/cifar10.js'
import { TandemError } from '../../shared/errors.js'
import { type Cifar10Directory, checkCifar10Directory } from './cifar10-directory.js'
import { dataFolder } from './data-folder.js'
import { downloadResumably } from './resumable-download.js'
import { unpackArchive } from './unpack-archive.js'

export interface Archive {
  url: string
  bytes: number
  /** Lower-case hexadecimal. */
  md5: string
}

/** The binary version, with the checksum that the data set's own page publishes. */
export const cifar10Archive: Archive = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  bytes: 170_052_171,
  md5: 'c32a1d4ab5d03f1284b67883e8d87530',
}

export type DownloadProgress =
  | { phase: 'downloading'; receivedBytes: number; totalBytes: number }
  | { phase: 'verifying' }
  | { phase: 'extracting' }

export interface Cifar10Download {
  /** The files go into its child `cifar-10-batches-bin`. Default: `dataFolder()`. */
  directory?: string
  archive?: Archive
  /** Gives up when no byte arrives for this long. */
  stallTimeoutMs?: number
  signal?: AbortSignal
  onProgress?: (progress: DownloadProgress) => void
}

const partialName = 'cifar-10-binary.tar.gz.partial'

/** How much `downloadCifar10` still has to fetch into the data folder, by a look at what is there. */
export async function bytesToDownload(environment: NodeJS.ProcessEnv): Promise<number> {
  const directory = dataFolder(environment)
  const size = (path: string): Promise<number | null> =>
    stat(join(directory, path)).then(
      (found) => found.size,
      () => null,
    )
  const files = [...splitFiles.train, ...splitFiles.test].map((name) => join(archiveDirectory, name))
  const sizes = await Promise.all(files.map(size))
  if (sizes.every((one) => one !== null)) return 0
  return Math.max(0, cifar10Archive.bytes - ((await size(partialName)) ?? 0))
}

/**
 * Makes sure that CIFAR-10 is in the data folder and says where. Sound files that are there already are used
 * as they are; a download that was cut continues; nothing half-done is ever left under the final name.
 *
 * Throws what `downloadResumably` and `checkCifar10Directory` throw, `data-checksum`, or the signal's reason.
 */
export async function downloadCifar10(options: Cifar10Download = {}): Promise<Cifar10Directory> {
  const { directory = dataFolder(), archive = cifar10Archive, stallTimeoutMs = 20_000 } = options
  const { signal, onProgress } = options
  const target = join(directory, archiveDirectory)
  const present = await checkCifar10Directory(target, signal).catch(() => null)
  signal?.throwIfAborted()
  if (present) return present

  await mkdir(directory, { recursive: true })
  const partial = join(directory, partialName)
  await downloadResumably({
    url: archive.url,
    path: partial,
    totalBytes: archive.bytes,
    stallTimeoutMs,
    signal,
    onProgress: (receivedBytes) =>
      onProgress?.({ phase: 'downloading', receivedBytes, totalBytes: archive.bytes }),
  })
  onProgress?.({ phase: 'verifying' })
  await verifyChecksum(partial, archive, signal)
  onProgress?.({ phase: 'extracting' })
  const installed = await unpackArchive(partial, target, signal)
  await rm(partial)
  return installed
}

/** A wrong file is removed: continuing it could never become right. */
async function verifyChecksum(path: string, archive: Archive, signal?: AbortSignal): Promise<void> {
  const hash = createHash('md5')
  await pipeline(createReadStream(path), hash, { signal })
  const actual = hash.digest('hex')
  if (actual === archive.md5) return
  await rm(path)
  throw new TandemError({
    code: 'data-checksum',
    message: `${archive.url}: the download has MD5 ${actual}; published is ${archive.md5}`,
    hint: 'The damaged download was removed; run again to fetch it anew.',
  })
}
