import module from 'node:module'
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
  // Node 22.1 and later keep what they compile, trainers too; beside the program, so that a new build begins anew.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'out', '.compile-cache')
  const { enableCompileCache } = /** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (module)
  enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
  process.argv = [process.execPath, program, ...args]
  await import(pathToFileURL(program).href)
}
