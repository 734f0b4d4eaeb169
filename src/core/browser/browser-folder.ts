import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, ownIdentity } from '../run/process-identity.js'

const namePattern = /^tandem-browser-(\d+)-(\d+)-\w{6}$/

/**
 * A folder of its own for all that a browser leaves on the disk: its profile, and its temporary files. Nobody else can
 * look into it; its name says whose it is, so that `sweepBrowserFolders` can tell what a killed host left behind.
 */
export async function makeBrowserFolder(parent = tmpdir()): Promise<string> {
  const { pid, startTime } = ownIdentity()
  return await mkdtemp(join(parent, `tandem-browser-${pid}-${startTime}-`))
}

/** Never rejects: what a browser still holds on to is left to the next sweep. */
export async function removeBrowserFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
}

/** Removes those of hosts that are gone, and of no other user. Never rejects. */
export async function sweepBrowserFolders(parent = tmpdir()): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid, startTime] = namePattern.exec(name) ?? []
    if (pid === undefined || isAlive({ pid: Number(pid), startTime: Number(startTime) })) continue
    const path = join(parent, name)
    const stats = await lstat(path).catch(() => null)
    const isOwn =
      stats?.isDirectory() === true && (process.getuid === undefined || stats.uid === process.getuid())
    if (isOwn) await removeBrowserFolder(path)
  }
}
