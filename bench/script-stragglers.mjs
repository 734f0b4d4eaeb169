/*
 * How often the rule for late ranks is right about scripts: DDP of two ranks, of which one is slower in its backward pass,
 * or in its loader, or none is.
 *
 *   node bench/script-stragglers.mjs [--python PYTHON] [--runs 20] [--slower 0.3] [--steps 60] [--what nothing,backward,loader]
 *
 * On a quiet machine; `--runs` of each kind, in random order, some 10 s each on two cores. Ends with 0 where at most one
 * in 20 runs names a rank with nothing slow, and at least 19 in 20 name the slow one, and no other.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const { folder, remove } = await buildPrograms({ 'script-stragglers': 'scripts/stragglers.ts' })
try {
  const { main } = await import(pathToFileURL(join(folder, 'script-stragglers.mjs')).href)
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await remove()
}
