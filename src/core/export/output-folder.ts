import { access, constants, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { makeFolder } from '../files/make-folder.js'
import { OutputFile, whyNotWritten } from '../results/output-file.js'
import type { ExportFile } from './data-export.js'
import { untilAborted } from './until-aborted.js'

/** A folder that an export goes to. What else is in it stays. */
export class OutputFolder {
  private constructor(readonly path: string) {}

  /**
   * Checks, without changing anything, that files can be put there; the folder need not exist yet. Throws
   * `output-not-writable`, naming `flag`, the path and what is wrong with it.
   */
  static async open(path: string, flag: string): Promise<OutputFolder> {
    const absolute = resolve(path)
    const refuse = (why: string): TandemError =>
      new TandemError({
        code: 'output-not-writable',
        message: `${flag} ${path}: ${why}`,
        hint: 'Name a folder that you may write to, or that can be made.',
      })
    let existing = absolute
    for (;;) {
      const found = await stat(existing).catch((error: NodeJS.ErrnoException) => error)
      if (!(found instanceof Error)) {
        if (!found.isDirectory()) throw refuse(`${existing} is not a folder`)
        break
      }
      if (found.code !== 'ENOENT' || dirname(existing) === existing) throw refuse(found.message)
      existing = dirname(existing)
    }
    await access(existing, constants.W_OK).catch(() => {
      throw refuse(`you may not write to ${existing}`)
    })
    return new OutputFolder(absolute)
  }

  /**
   * Writes the files, each as a whole and in place of one of the same name, and makes the folders that they need. Returns
   * how many there were. Throws `output-not-writable`, `output-not-written`, and what `signal` says once it has fired.
   */
  async write(
    files: AsyncIterable<ExportFile> | Iterable<ExportFile>,
    flag: string,
    signal: AbortSignal,
  ): Promise<number> {
    let count = 0
    for await (const { name, content } of files) {
      const path = join(this.path, ...name.split('/'))
      await makeFolder(dirname(path)).catch((error: unknown) => {
        throw new TandemError({
          code: 'output-not-written',
          message: `${flag} ${this.path}: ${whyNotWritten(error, dirname(path))}`,
          hint: 'Name another folder, or free some disk space.',
        })
      })
      const file = await OutputFile.open(path, flag)
      await file.write(untilAborted(content, signal))
      count++
    }
    return count
  }
}
