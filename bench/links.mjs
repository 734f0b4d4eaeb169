/*
 * Is it the network? Single and DDP of the PyTorch engine on two "machines" with a link of 1 Gbit/s between them, and again
 * at a quarter of it: does the all-reduce reach the link, does the waterfall say where the time went, and does the limits
 * model, fitted at the faster link, know what the slower one brings?
 *
 *   node bench/links.mjs [--python PYTHON] [--repeats 3] [--steps 8] [--batch 64]
 *
 * On Linux as root (`ip` and `tc`), on a quiet machine with two cores, some ten minutes. The machines are network namespaces
 * with a core each; the kernel's token bucket shapes what each of them sends. Ends with 0 where all three bars held.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const { bootstrap } = await import('../scripts/bootstrap.mjs')
await bootstrap({ engine: false })
const { folder, remove } = await buildPrograms({ links: 'links/main.ts' })
try {
  const { main } = await import(pathToFileURL(join(folder, 'links.mjs')).href)
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await remove()
}
