import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '../../shared/system-error.js'
import { makeFolder } from '../files/make-folder.js'
import { noteFolder } from '../leftovers/ledger.js'
import { temporaryName } from '../leftovers/temporary-name.js'
import { privateFileMode, privateFolderMode, runFolder } from './run-folder.js'

/** How long a deleted run can be had back for certain. */
const keptMs = 10 * 60_000

/**
 * A folder within the history for runs that are not in its list: deleted ones, for a while, and imports that are not
 * whole yet. Whatever has lain there for long is removed for good by the next `sweep`.
 */
export class SetAside {
  private readonly directory: string

  constructor(private readonly history: string) {
    this.directory = join(history, '.aside')
  }

  /**
   * Moves a run's folder out of the history; where the disk has no room even for that, removes it for good. Throws what
   * the file system says.
   */
  async take(runId: string): Promise<void> {
    try {
      await this.moveOut(runId)
    } catch (error) {
      if (!isOutOfSpace(error)) throw error
      await rm(join(this.history, runId), { recursive: true, force: true })
    }
  }

  private async moveOut(runId: string): Promise<void> {
    await makeFolder(this.directory, privateFolderMode)
    // One of that name that was deleted before, and imported again since.
    await rm(join(this.directory, runId), { recursive: true, force: true })
    await rename(join(this.history, runId), join(this.directory, runId))
    const now = new Date()
    await utimes(join(this.directory, runId), now, now)
  }

  /** Moves it back. False where it is no longer here, or another one has its name by now. */
  async giveBack(runId: string): Promise<boolean> {
    return await this.moveIn(join(this.directory, runId), runId)
  }

  /** A new, empty folder, in which a run is put together. */
  async newFolder(): Promise<string> {
    await makeFolder(this.directory, privateFolderMode)
    noteFolder(this.directory)
    const folder = join(this.directory, temporaryName())
    await mkdir(folder, { mode: privateFolderMode })
    return folder
  }

  /**
   * Makes the folder of a run, whole from the first moment: with `record` as its `run.json`. One that is there is left
   * as it is. Throws what the file system says.
   */
  async makeRunFolder(runId: string, record: string): Promise<void> {
    const target = join(this.history, runId)
    if ((await stat(target).catch(() => null)) !== null) return
    const folder = await this.newFolder()
    try {
      await writeFile(runFolder(folder).summary, record, { mode: privateFileMode })
      await rename(folder, target)
    } finally {
      // Where it was moved, there is nothing left to remove.
      await rm(folder, { recursive: true, force: true }).catch(() => {})
    }
  }

  /** Makes a folder of `newFolder` a run of the history, whole from the first moment. False where its name is taken. */
  async moveIn(folder: string, runId: string): Promise<boolean> {
    const target = join(this.history, runId)
    // Some systems would replace an empty folder.
    if ((await stat(target).catch(() => null)) !== null) return false
    return await rename(folder, target).then(
      () => true,
      () => false,
    )
  }

  /** Removes for good what was put here long ago. Never rejects: what cannot be removed stays for the next time. */
  async sweep(nowMs = Date.now()): Promise<void> {
    for (const name of await readdir(this.directory).catch(() => [])) {
      const path = join(this.directory, name)
      const putHereMs = (await stat(path).catch(() => null))?.mtimeMs ?? nowMs
      if (nowMs - putHereMs > keptMs) await rm(path, { recursive: true, force: true }).catch(() => {})
    }
  }
}

function isOutOfSpace(error: unknown): boolean {
  const code = systemErrorCode(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
