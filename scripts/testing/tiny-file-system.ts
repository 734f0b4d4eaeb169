import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TinyFileSystem {
  folder: string
  /** Takes all of its space, but for `leaveBytes`. */
  fill(leaveBytes?: number): void
  /** Gives back what `fill` took. */
  empty(): void
  /** Lets nobody write, or everybody again. */
  setWritable(writable: boolean): void
  dispose(): void
}

/** Why there is none, for the name of a test that is skipped. */
export const noTinyFileSystem = 'skipped: mounting a file system needs root on Linux'

/** A memory file system of its own, as full disks are made for tests; null where this user may not mount one. */
export function mountTinyFileSystem(size = '1m'): TinyFileSystem | null {
  if (process.platform !== 'linux') return null
  const folder = mkdtempSync(join(tmpdir(), 'tandem-tiny-'))
  const mount = (...parameters: string[]) => execFileSync('mount', parameters, { stdio: 'ignore' })
  try {
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'tandem-test', folder)
  } catch {
    rmdirSync(folder)
    return null
  }
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill(leaveBytes = 0) {
      const { bavail, bsize } = statfsSync(folder)
      const blocks = bavail - Math.ceil(leaveBytes / bsize)
      writeFileSync(ballast, Buffer.alloc(blocks * bsize))
    },
    empty: () => rmSync(ballast, { force: true }),
    setWritable: (writable) => mount('-o', `remount,${writable ? 'rw' : 'ro'}`, folder),
    dispose() {
      // Lazily: a process under test may still have a file open, and the place must be free in any case.
      execFileSync('umount', ['--lazy', folder])
      rmdirSync(folder)
    },
  }
}
