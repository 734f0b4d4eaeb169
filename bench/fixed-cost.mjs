/*
 * What a measurement costs beside its timed steps, by stage: start to end of fresh trainers, as a run starts them.
 *
 *   npm run build && node bench/fixed-cost.mjs [--blocks 5] [--steps 22] [--backend wasm] [--against OUT]
 *
 * The measurements are Quick's. OUT is `out` of another clone, built: its trainers take turns with this one's, block by
 * block, and the last columns compare them pair by pair. Tune first, with a run of `tandem run --preset quick`.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const { folder, remove } = await buildPrograms({ 'fixed-cost': 'fixed-cost/main.ts' })
try {
  const { main } = await import(pathToFileURL(join(folder, 'fixed-cost.mjs')).href)
  await main(process.argv.slice(2))
} finally {
  await remove()
}
