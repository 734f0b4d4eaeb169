// `npm start`: sets the clone up if need be, then runs the quick benchmark. `npm start -- --epochs 2` changes it.
import { requireNodeVersion } from './bootstrap/node-version.mjs'

requireNodeVersion()
const { bootstrap } = await import('./bootstrap.mjs')
const { handOver } = await import('./bootstrap/hand-over.mjs')

const args = ['run', '--preset', 'quick', ...process.argv.slice(2)]
await bootstrap({ engine: false })
await handOver(args)
