import { access, constants, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { systemErrorCode } from '../../shared/system-error.js'
import { noteFolder } from '../leftovers/ledger.js'
import { temporaryName } from '../leftovers/temporary-name.js'

/**
 * A file that is replaced as a whole: readers see the old content or the new, never half of it, and a crash
 * while writing costs nothing. Links are followed, so that a link stays one.
 */
export class OutputFile {
  private constructor(
    readonly path: string,
    private readonly mode: number,
  ) {}

  /**
   * Checks, without changing anything, that `path` can be written; an existing file stays as it is.
   * Throws `output-not-writable`, naming `flag`, the path and what is wrong with it.
   *
   * @param mode who may read it, as far as the user's umask lets them
   */
  static async open(path: string, flag: string, mode = 0o666): Promise<OutputFile> {
    const absolute = resolve(path)
    const refuse = (why: string): TandemError =>
      new TandemError({
        code: 'output-not-writable',
        message: `${flag} ${path}: ${why}`,
        hint: 'Name a file in a folder that exists and that you may write to.',
      })
    const existing = await stat(absolute).catch(() => null)
    if (existing?.isDirectory()) throw refuse('it is a folder')
    // A device or pipe would be replaced by a file, which nobody who names one means.
    if (existing !== null && !existing.isFile()) throw refuse('it is not an ordinary file')
    const target = existing === null ? absolute : await realpath(absolute)
    try {
      if (existing !== null) await access(target, constants.W_OK)
      const probe = temporaryPath(target)
      await (await open(probe, 'wx', 0o600)).close()
      await rm(probe)
    } catch (error) {
      throw refuse(whyNotWritten(error, dirname(target)))
    }
    return new OutputFile(target, mode)
  }

  /** Replaces the content. Throws `output-not-written`, and what the making of pieces throws. */
  async write(content: FileContent): Promise<void> {
    const pieces = typeof content === 'object' && Symbol.asyncIterator in content ? new Pieces(content) : null
    try {
      await replaceFile(this.path, pieces ?? content, this.mode)
    } catch (error) {
      throw pieces?.failed ? error : notWritten(this.path, error)
    }
  }
}

/**
 * Replaces a file that Tandem keeps for itself, readable by its owner alone. A link or a pipe in its place gives way: in a
 * folder that several users share, it could be another's, and lead to what is none of theirs. Throws `output-not-written`.
 */
export async function writeOwnFile(path: string, content: string): Promise<void> {
  await replaceFile(path, content, 0o600).catch((error: unknown) => {
    throw notWritten(path, error)
  })
}

function notWritten(path: string, error: unknown): TandemError {
  return new TandemError({
    code: 'output-not-written',
    message: `${path} could not be written: ${whyNotWritten(error, dirname(path))}`,
    hint: 'Free some disk space, or see whether the folder is still there.',
  })
}

type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>

/** Replaces the file at `path` as a whole, or leaves it as it was. Throws what the file system says. */
export async function replaceFile(path: string, content: FileContent, mode = 0o666): Promise<void> {
  const temporary = temporaryPath(path)
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await writeFile(file, content)
      // Or a power cut after the rename could leave an empty file in place of the old one.
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

/** Passes pieces on, and knows whether it was they that failed or the file. */
class Pieces implements AsyncIterable<string | Uint8Array> {
  failed = false

  constructor(private readonly content: AsyncIterable<string | Uint8Array>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<string | Uint8Array> {
    try {
      yield* this.content
    } catch (error) {
      this.failed = true
      throw error
    }
  }
}

/** Beside the file, so that it can be renamed onto it; a later start removes it where this process is killed. */
function temporaryPath(path: string): string {
  const folder = dirname(path)
  noteFolder(folder)
  return join(folder, temporaryName())
}

/** What a file system's error says of a write in `folder`, for people: `the disk is full`. */
export function whyNotWritten(error: unknown, folder: string): string {
  const code = systemErrorCode(error)
  switch (code) {
    case 'ENOENT':
      return `the folder ${folder} does not exist`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${folder} is not a folder`
    case 'EISDIR':
      return 'there is a folder in its place'
    case 'ENAMETOOLONG':
      return 'the name is too long'
    case 'EACCES':
    case 'EPERM':
      return 'you may not write there'
    case 'EROFS':
      return 'the file system is read-only'
    case 'ENOSPC':
      return 'the disk is full'
    case 'EDQUOT':
      return 'your quota of disk space is used up'
    case 'EFBIG':
      return 'files may not get that large here'
    case 'EIO':
    case 'ENXIO':
    case 'ENODEV':
    case 'ESTALE':
      return `the disk does not work, or is gone (${code})`
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
