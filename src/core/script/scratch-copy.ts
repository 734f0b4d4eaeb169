import { rmSync } from 'node:fs'
import { constants, copyFile, lstat, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { formatBytes, formatQuantity, formatSeconds } from '../../shared/text/format.js'
import { noteFolder } from '../leftovers/ledger.js'
import { temporaryName } from '../leftovers/temporary-name.js'

/** What is copied of a folder, and how much of it. */
export interface ScratchLimits {
  /** Data lies in large files, and is read: they are linked to where they are. */
  largestCopiedBytes: number
  /** Code and settings are less; more is data in many small files. */
  mostCopiedBytes: number
  mostFiles: number
}

const usualLimits: ScratchLimits = {
  largestCopiedBytes: 64 * 2 ** 20,
  mostCopiedBytes: 2 * 2 ** 30,
  mostFiles: 50_000,
}

/** Folders that are no part of what a script does, or can be made anew: linked as well. */
const linkedFolders: ReadonlySet<string> = new Set([
  '.git',
  '.venv',
  'venv',
  'env',
  'node_modules',
  '.mypy_cache',
  '.tox',
])

export interface ScratchCopy {
  folder: string
  /** What was copied and what was left in place, in a line. */
  note: string
  remove(): Promise<void>
}

/** So much so far, and what it may become. */
interface Copied extends ScratchLimits {
  files: number
  bytes: number
  linked: number
}

/**
 * A temporary copy of a folder, for a script to run in. Files above 64 MiB, and folders of environments and version control,
 * are links to where they are; links stay links. `remove` takes it away again, as does the end of this process.
 *
 * Throws `scratch-too-large` beyond 2 GiB or 50,000 files, and the reason of `signal` once it has fired; nothing stays then.
 */
export async function makeScratchCopy(
  source: string,
  signal: AbortSignal,
  limits: ScratchLimits = usualLimits,
): Promise<ScratchCopy> {
  const startedAtMs = performance.now()
  const place = tmpdir()
  noteFolder(place)
  const folder = join(place, temporaryName())
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeNow)
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true })
    process.off('exit', removeNow)
  }
  const copied: Copied = { ...limits, files: 0, bytes: 0, linked: 0 }
  try {
    await mkdir(folder, { mode: 0o700 })
    await copyFolder(source, folder, copied, signal)
  } catch (error) {
    await remove()
    throw error
  }
  const seconds = formatSeconds((performance.now() - startedAtMs) / 1000)
  const left =
    copied.linked === 0
      ? ''
      : `; ${formatQuantity(copied.linked, 'large file or folder', 'large files and folders')} left in place`
  const note = `Scratch copy: ${formatQuantity(copied.files, 'file')}, ${formatBytes(copied.bytes)}, in ${seconds}${left}`
  return { folder, note, remove }
}

async function copyFolder(from: string, to: string, copied: Copied, signal: AbortSignal): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    signal.throwIfAborted()
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isSymbolicLink()) await symlink(resolve(from, await readlink(source)), target)
    else if (entry.isDirectory() && !linkedFolders.has(entry.name)) {
      await mkdir(target)
      await copyFolder(source, target, copied, signal)
    } else if (entry.isFile() || entry.isDirectory()) await copyOrLink(source, target, copied)
    // Sockets, pipes and devices are of the moment.
  }
}

async function copyOrLink(source: string, target: string, copied: Copied): Promise<void> {
  const found = await lstat(source)
  if (!found.isFile() || found.size > copied.largestCopiedBytes) {
    copied.linked++
    await symlink(source, target)
    return
  }
  copied.files++
  copied.bytes += found.size
  const { mostFiles, mostCopiedBytes } = copied
  if (copied.files > mostFiles || copied.bytes > mostCopiedBytes) {
    throw new TandemError({
      code: 'scratch-too-large',
      message: `--scratch: the folder has more than ${formatQuantity(mostFiles, 'file')} or ${formatBytes(mostCopiedBytes)} to copy`,
      hint: 'Keep data in a folder of its own that is not below it, or leave --scratch out.',
    })
  }
  // Where the file system can, they share what neither changes.
  await copyFile(source, target, constants.COPYFILE_FICLONE)
}
