import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { node24Binary } from '../../../scripts/node-24/binary.js'

const node24 = node24Binary()

/**
 * The Node versions that native code is tested under: the person's own, and the major version that is inside
 * Electron. The path is null where this machine has none.
 */
export const nodeBinaries: { name: string; path: string | null }[] = [
  describeBinary(process.execPath),
  node24 === null
    ? { name: 'Node 24 (skipped: Node 24 is not installed)', path: null }
    : describeBinary(node24),
]

function describeBinary(path: string) {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
  return { name: `Node ${version}`, path: realpathSync(path) }
}
