/*
 * What a host of many machines spends on hearing them, and a page on drawing them: real agents over TLS on the loopback,
 * whose trainers only pretend, a step each every 50 ms and a sample of each machine four times a second; the host records
 * the run, and a Chromium looks at Live.
 *
 *   npm run build
 *   node bench/several-machines.mjs [--machines 16] [--devices 8] [--seconds 60] [--step-ms 50]
 *     --without-page        the host alone
 *     --pictures FOLDER     Live as it looks, in both themes and two widths
 *
 * Host, agents and Chromium are processes of their own. Ends with 0 where in every half minute the host takes at most half
 * a core and 95 of 100 frames at most 20 ms, and memory of host and page is within 10 % of that in the first half.
 */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const programs = ['main', 'host', 'agents']
const { folder, remove } = await buildPrograms(
  Object.fromEntries(programs.map((program) => [program, `several-machines/${program}.ts`])),
)
try {
  const { main } = await import(pathToFileURL(join(folder, 'main.mjs')).href)
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await remove()
}
