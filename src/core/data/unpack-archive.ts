import { createReadStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { archiveDirectory } from '../../shared/data/cifar10.js'
import { TandemError } from '../../shared/errors.js'
import { formatBytes } from '../../shared/text/format.js'
import { noteFolder } from '../leftovers/ledger.js'
import { temporaryName } from '../leftovers/temporary-name.js'
import { whyNotWritten } from '../results/output-file.js'
import { type Cifar10Directory, checkCifar10Directory } from './cifar10-directory.js'
import { findArchive } from './dataset-archive.js'

/**
 * The folder to read in place of `path`, where that is the archive of CIFAR-10's binary version, or a folder that holds
 * it: it is unpacked beside itself, unless that was done before. Any other path is handed back as it came.
 *
 * Throws `data-not-unpacked`, as `checkCifar10Directory`, and the reason of `signal` once it has fired.
 *
 * @param onUnpack told which archive, before it is unpacked
 */
export async function unpackNamed(
  path: string,
  signal: AbortSignal,
  onUnpack: (archive: string) => void,
): Promise<string> {
  const archive = await findArchive(resolve(path))
  if (archive === null) return path
  const target = join(dirname(archive), archiveDirectory)
  if (await checkCifar10Directory(target, signal).catch(() => null)) return target
  signal.throwIfAborted()
  onUnpack(archive)
  try {
    return (await unpackArchive(archive, target, signal)).directory
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof TandemError) throw thrown
    throw new TandemError({
      code: 'data-not-unpacked',
      message: `${archive} could not be unpacked: ${whyNotUnpacked(thrown, dirname(archive))}`,
      hint: `Download it again, or unpack it where there is room: tar xzf ${basename(archive)}`,
    })
  }
}

function whyNotUnpacked(thrown: unknown, folder: string): string {
  const { code } = thrown as NodeJS.ErrnoException
  const isDamaged = code === undefined || /^(TAR_|Z_|ERR_)/.test(code)
  return isDamaged ? 'it is cut off or damaged' : whyNotWritten(thrown, folder)
}

/** CIFAR-10 has 180 MB. What has so much more was made to fill a disk. */
const mostUnpackedBytes = 2 * 2 ** 30

function tooLarge(archive: string): TandemError {
  return new TandemError({
    code: 'data-not-unpacked',
    message: `${archive} is not unpacked: it would have more than ${formatBytes(mostUnpackedBytes)}`,
    hint: 'Download the "CIFAR-10 binary version", or leave --data-dir out: Tandem fetches it.',
  })
}

/**
 * Unpacks the archive of CIFAR-10's binary version into the folder `target` and checks it. Readers see all of it or
 * nothing: it is put together beside its place. Throws `data-not-unpacked` for one that would fill a disk, what the file
 * system and the archive's format say, and as `checkCifar10Directory`.
 */
export async function unpackArchive(
  archive: string,
  target: string,
  signal?: AbortSignal,
): Promise<Cifar10Directory> {
  // Loaded when it is needed: most runs unpack nothing.
  const { extract } = await import('tar')
  noteFolder(dirname(target))
  const staging = join(dirname(target), temporaryName())
  await mkdir(staging)
  const tooMuch = new AbortController()
  let bytes = 0
  try {
    const unpacked = extract({
      cwd: staging,
      strict: true,
      filter(path, entry) {
        bytes += entry.size
        if (bytes > mostUnpackedBytes) tooMuch.abort(tooLarge(archive))
        return (
          !tooMuch.signal.aborted &&
          path.startsWith(`${archiveDirectory}/`) &&
          'type' in entry &&
          entry.type === 'File'
        )
      },
    })
    const either = AbortSignal.any(signal === undefined ? [tooMuch.signal] : [tooMuch.signal, signal])
    await pipeline(createReadStream(archive), unpacked, { signal: either }).catch((error: unknown) => {
      tooMuch.signal.throwIfAborted()
      throw error
    })
    const checked = await checkCifar10Directory(staging, signal)
    await rm(target, { recursive: true, force: true })
    await rename(checked.directory, target)
    return { ...checked, directory: target }
  } finally {
    // Where the archive broke off, files that were begun may still come. What stays, the next start removes.
    await rm(staging, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }).catch(() => {})
  }
}
