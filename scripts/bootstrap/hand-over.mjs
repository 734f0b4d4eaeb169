import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './root.mjs'

/**
 * Becomes the built command line, in this very process: exit code, signals and terminal need no passing on.
 *
 * @param {string[]} args what follows `tandem`
 */
export async function handOver(args) {
  const program = join(root, 'out', 'main', 'tandem.js')
  process.argv = [process.execPath, program, ...args]
  await import(pathToFileURL(program).href)
}
