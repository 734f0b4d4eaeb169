// Tandem's speed on this machine, beside PyTorch's: `npm run bench -- --help`.
//
// The suite is TypeScript in bench/performance; this sets the clone up if need be, builds the suite and its programs, and
// runs it. docs/performance.md says how it measures.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { requireNodeVersion } from '../scripts/bootstrap/node-version.mjs'

requireNodeVersion()
const { bootstrap } = await import('../scripts/bootstrap.mjs')
await bootstrap({ engine: false })
const { buildPrograms } = await import('./build-programs.mjs')

const { folder, remove } = await buildPrograms({
  main: 'performance/main.ts',
  'all-reduce-rank': 'performance/programs/all-reduce-rank.ts',
  'call-overhead': 'performance/programs/call-overhead.ts',
  'engine-load': 'performance/programs/engine-load.ts',
  'load-data': 'performance/programs/load-data.ts',
  'matmul-peak': 'performance/programs/matmul-peak.ts',
})
try {
  const { main } = await import(pathToFileURL(join(folder, 'main.mjs')).href)
  process.exitCode = await main(process.argv, folder)
} finally {
  await remove()
}
