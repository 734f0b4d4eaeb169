import { rmSync } from 'node:fs'
import { constants, copyFile, lstat, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { assertNever, TandemError } from '../../shared/errors.js'
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

/** One thing of the folder, by its path within it. Folders come before what is in them. */
type Entry =
  | { kind: 'folder' | 'copy'; path: string }
  /** To where it leads, for a link that was one before too. */
  | { kind: 'link'; path: string; target: string }

/** What is to be made, as it was found before anything is. */
interface Survey {
  entries: Entry[]
  files: number
  bytes: number
  leftInPlace: number
}

/**
 * A temporary copy of a folder, for a script to run in. Files above 64 MiB, and folders of environments and version control,
 * are links to where they are; links stay links. `remove` takes it away again, as does the end of this process.
 *
 * Throws `scratch-too-large` beyond 2 GiB or 50,000 files, before anything is copied, and the reason of `signal` once it has
 * fired; nothing stays then.
 */
export async function makeScratchCopy(
  source: string,
  signal: AbortSignal,
  limits: ScratchLimits = usualLimits,
): Promise<ScratchCopy> {
  const startedAtMs = performance.now()
  const survey: Survey = { entries: [], files: 0, bytes: 0, leftInPlace: 0 }
  await surveyFolder(source, '', survey, limits, signal)
  const place = tmpdir()
  noteFolder(place)
  const folder = join(place, temporaryName())
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeNow)
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true })
    process.off('exit', removeNow)
  }
  try {
    await mkdir(folder, { mode: 0o700 })
    for (const entry of survey.entries) {
      signal.throwIfAborted()
      await make(entry, source, folder)
    }
  } catch (error) {
    await remove()
    throw error
  }
  const seconds = formatSeconds((performance.now() - startedAtMs) / 1000)
  return { folder, note: `Scratch copy: ${describe(survey)} in ${seconds}${describeLeft(survey)}`, remove }
}

function describe({ files, bytes }: Survey): string {
  return `${formatQuantity(files, 'file')}, ${formatBytes(bytes)},`
}

function describeLeft({ leftInPlace }: Survey): string {
  if (leftInPlace === 0) return ''
  return `; ${formatQuantity(leftInPlace, 'large file or folder', 'large files and folders')} left in place`
}

async function surveyFolder(
  source: string,
  within: string,
  survey: Survey,
  limits: ScratchLimits,
  signal: AbortSignal,
): Promise<void> {
  const folder = join(source, within)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    signal.throwIfAborted()
    const path = join(within, entry.name)
    if (entry.isSymbolicLink()) {
      const target = resolve(folder, await readlink(join(source, path)))
      survey.entries.push({ kind: 'link', path, target })
    } else if (entry.isDirectory() && !linkedFolders.has(entry.name)) {
      survey.entries.push({ kind: 'folder', path })
      await surveyFolder(source, path, survey, limits, signal)
    } else if (entry.isFile() || entry.isDirectory()) await surveyContent(source, path, survey, limits)
    // Sockets, pipes and devices are of the moment.
    throwIfTooLarge(survey, limits)
  }
}

async function surveyContent(
  source: string,
  path: string,
  survey: Survey,
  { largestCopiedBytes }: ScratchLimits,
): Promise<void> {
  const target = join(source, path)
  const found = await lstat(target)
  if (!found.isFile() || found.size > largestCopiedBytes) {
    survey.leftInPlace++
    survey.entries.push({ kind: 'link', path, target })
    return
  }
  survey.files++
  survey.bytes += found.size
  survey.entries.push({ kind: 'copy', path })
}

/** Links and folders count as files do. */
function throwIfTooLarge({ entries, bytes }: Survey, { mostFiles, mostCopiedBytes }: ScratchLimits): void {
  if (entries.length <= mostFiles && bytes <= mostCopiedBytes) return
  throw new TandemError({
    code: 'scratch-too-large',
    message: `--scratch: the folder has more than ${formatQuantity(mostFiles, 'file')} or ${formatBytes(mostCopiedBytes)} to copy`,
    hint: 'Keep data in a folder of its own that is not below it, or leave --scratch out.',
  })
}

async function make(entry: Entry, source: string, folder: string): Promise<void> {
  const target = join(folder, entry.path)
  switch (entry.kind) {
    case 'folder':
      return void (await mkdir(target))
    case 'link':
      return await symlink(entry.target, target)
    case 'copy':
      // Where the file system can, they share what neither changes.
      return await copyFile(join(source, entry.path), target, constants.COPYFILE_FICLONE)
    default:
      return assertNever(entry, 'entry of a folder')
  }
}
