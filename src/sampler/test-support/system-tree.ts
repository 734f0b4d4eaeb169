import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SystemFolders } from '../../shared/machine/system-folders.js'

/** A /proc and a /sys of a test's own. */
export interface SystemTree extends SystemFolders {
  /** Writes files by their path below the root, `proc/stat`; replaces those that are there. */
  write(files: Record<string, string>): void
  /** `link` becomes a link to `target`, both below the root. */
  link(link: string, target: string): void
  remove(path: string): void
  dispose(): void
}

export function createSystemTree(files: Record<string, string> = {}): SystemTree {
  const root = mkdtempSync(join(tmpdir(), 'tandem-system-'))
  const tree: SystemTree = {
    proc: join(root, 'proc'),
    sys: join(root, 'sys'),
    write(changes) {
      for (const [path, content] of Object.entries(changes)) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), content)
      }
    },
    link(link, target) {
      mkdirSync(dirname(join(root, link)), { recursive: true })
      symlinkSync(join(root, target), join(root, link))
    },
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  }
  tree.write(files)
  return tree
}
