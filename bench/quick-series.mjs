/*
 * Whether Quick keeps its promises: a series of its runs, what each took, and how often its intervals hold the truth.
 *
 *   npm run build && node bench/quick-series.mjs [--runs 10] [--json FILE] [--only first,series,load,wasm]
 *
 * On a quiet machine. `first` is the first run ever, tuning included; `series` comes after it, `load` has a program that
 * takes 60 % of every core for half of a run, `wasm` is a run on WebAssembly. Paces and timings are kept in a cache folder
 * of the bench's own, which is removed; TensorFlow is the one of the user's.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const { folder, remove } = await buildPrograms({ 'quick-series': 'quick-series/main.ts' })
try {
  const { main } = await import(pathToFileURL(join(folder, 'quick-series.mjs')).href)
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await remove()
}
