import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TinyFileSystem {
  folder: string
  dispose(): void
}

/** A memory file system of 1 MiB, as full disks are made for tests; null where this user may not mount one. */
export function mountTinyFileSystem(): TinyFileSystem | null {
  if (process.platform !== 'linux') return null
  const folder = mkdtempSync(join(tmpdir(), 'tandem-tiny-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tandem-test', folder], { stdio: 'ignore' })
  } catch {
    rmdirSync(folder)
    return null
  }
  return {
    folder,
    dispose() {
      execFileSync('umount', [folder])
      rmdirSync(folder)
    },
  }
}
