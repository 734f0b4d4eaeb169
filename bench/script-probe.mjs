/*
 * What the probe of `tandem measure` costs a script, in two ways: by its own count, and by switching it off and on again in
 * blocks of random order within one process.
 *
 *   node bench/script-probe.mjs [--python PYTHON] [--pairs 40] [--models tiny,resnet18]
 *
 * On a quiet machine; some two minutes. `tiny` has steps of half a millisecond, which no real script has: the difference
 * that is there can be seen. Ends with 0 where the probe counts less than 100 us a step, and where the 95 % interval of
 * the difference contains 0 in steps of a usual length.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const { folder, remove } = await buildPrograms({ 'script-probe': 'scripts/probe.ts' })
try {
  const { main } = await import(pathToFileURL(join(folder, 'script-probe.mjs')).href)
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await remove()
}
