// The desktop app, measured in the Electron that its tests run in, after `npm run e2e:desktop` has fetched one:
//
//   node bench/desktop.mjs pace [--pairs 8] [--utility]   the same run in the app and by the command line, in turn
//   node bench/desktop.mjs start [--times 7]       from the double click to a window with everything there
//   node bench/desktop.mjs drawing [--pairs 10]    what drawing on the processor takes of it while a run is watched
//
// On a quiet machine; each takes a few minutes. The programs are TypeScript in bench/desktop, run as they lie there.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const programs = ['pace', 'start', 'drawing']

const [name = ''] = process.argv.slice(2)
if (!programs.includes(name)) {
  console.error(`usage: node bench/desktop.mjs ${programs.join('|')}`)
  process.exit(2)
}
const root = fileURLToPath(new URL('..', import.meta.url))
const program = fileURLToPath(new URL(`desktop/${name}.ts`, import.meta.url))
const { module } = await runnerImport(program, { configFile: false, root, logLevel: 'error' })
await module.main(process.argv.slice(3))
