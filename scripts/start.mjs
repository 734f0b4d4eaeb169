// `npm start`: sets the clone up if need be, then opens the dashboard. `npm start -- --run quick` measures at once.
import { requireNodeVersion } from './bootstrap/node-version.mjs'
import { requireOpenFiles } from './bootstrap/open-files.mjs'

requireNodeVersion()
requireOpenFiles()
const { bootstrap } = await import('./bootstrap.mjs')
const { handOver } = await import('./bootstrap/hand-over.mjs')

const args = ['start', ...process.argv.slice(2)]
await bootstrap({ engine: false })
await handOver(args)
