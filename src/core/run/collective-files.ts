import { randomBytes } from 'node:crypto'
import { rmSync, type Stats } from 'node:fs'
import { lstat, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TandemError } from '../../shared/errors.js'
import { formatBytes } from '../../shared/text/format.js'
import { noteFolder } from '../leftovers/ledger.js'
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js'

/** Memory that looks like a folder; on a container's default of 64 MB most models do not fit. */
const sharedMemoryFolder = '/dev/shm'

const namePattern = /^tandem-collective-(\d+)-(\d+)-[0-9a-f]{32}$/

/** A path that only this run knows, for a file or folder that its ranks meet in. Nothing is there yet. */
export interface CollectivePath {
  path: string
  /** Removes what the ranks put there; more than once is fine. Mapped memory lives on until they unmap it. */
  remove(): Promise<void>
}

/**
 * A free path with `bytes` of space, in memory where it fits, else in the temporary folder. Its name is
 * random, so that nobody else can wait there with a file of their own, and says whose it is, so that
 * `sweepCollectiveFiles` can tell what a dead host left behind. It is removed when this process exits, too.
 *
 * Throws `collective-space` when neither folder has the space.
 */
export async function reserveCollectivePath(
  bytes: number,
  folders: readonly string[] = [sharedMemoryFolder, tmpdir()],
): Promise<CollectivePath> {
  const folder = await firstWithSpace(folders, bytes)
  noteFolder(folder)
  const { pid, startTime } = ownIdentity()
  const path = join(folder, `tandem-collective-${pid}-${startTime}-${randomBytes(16).toString('hex')}`)
  const removeNow = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', removeNow)
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true })
      process.off('exit', removeNow)
    },
  }
}

async function firstWithSpace(folders: readonly string[], bytes: number): Promise<string> {
  const found: string[] = []
  for (const folder of folders) {
    const system = await statfs(folder).catch(() => null)
    const freeBytes = system === null ? 0 : system.bavail * system.bsize
    if (freeBytes >= bytes) return folder
    if (system !== null) found.push(`${formatBytes(freeBytes)} in ${folder}`)
  }
  throw new TandemError({
    code: 'collective-space',
    message: `DDP needs ${formatBytes(bytes)} to exchange gradients; free are ${found.join(' and ')}`,
    hint: 'Free some space, or name a larger temporary folder with TMPDIR.',
  })
}

/** Whose file or folder that is, by its name; null for anything else. */
export function hostOfCollective(name: string): ProcessIdentity | null {
  const [, pid, startTime] = namePattern.exec(name) ?? []
  return pid === undefined ? null : { pid: Number(pid), startTime: Number(startTime) }
}

/**
 * Removes what hosts of this user that are gone left behind, killed between starting a group and its being ready, where
 * no ledger tells of it. Both folders are everybody's: what is another user's is not touched, nor is a link. Files younger
 * than `minimumAgeMs` stay: their host may live in another container that shares the folder. Returns the paths removed.
 */
export async function sweepCollectiveFiles(
  minimumAgeMs: number,
  folders: readonly string[] = [sharedMemoryFolder, tmpdir()],
): Promise<string[]> {
  const removed: string[] = []
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      const host = hostOfCollective(name)
      if (host === null || isAlive(host)) continue
      const path = join(folder, name)
      const status = await lstat(path).catch(() => null)
      if (status === null || !isOwn(status) || Date.now() - status.mtimeMs < minimumAgeMs) continue
      const done = await rm(path, { recursive: true, force: true }).then(
        () => true,
        () => false,
      )
      if (done) removed.push(path)
    }
  }
  return removed
}

/** Nobody else can exchange it then: in a folder of everybody's, only its owner may remove or rename it. */
function isOwn(status: Stats): boolean {
  return status.uid === (process.getuid?.() ?? status.uid) && (status.isFile() || status.isDirectory())
}
