// The dashboard, measured:
//
//   npm run build
//   node bench/dashboard.mjs stream [--minutes 10]     frames and memory under 16 ranks and 16 devices
//   node bench/dashboard.mjs overhead [--pairs 7]      training with the page open against the bare command line
//   node bench/dashboard.mjs start [--times 5]         from the command to an interactive page
//   node bench/dashboard.mjs history [--runs 1000]     lists and searches of many runs
//
// The programs are TypeScript in bench/dashboard; this builds them where Node finds the packages they need.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const programs = ['stream', 'stream-host', 'overhead', 'start', 'history']

const [name = ''] = process.argv.slice(2)
if (!programs.includes(name)) {
  console.error('usage: node bench/dashboard.mjs stream|overhead|start|history')
  process.exit(2)
}
const cache = join(root, 'node_modules', '.cache')
await mkdir(cache, { recursive: true })
const folder = await mkdtemp(join(cache, 'tandem-bench-'))
try {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      rolldownOptions: {
        input: Object.fromEntries(
          programs.map((program) => [program, join(root, 'bench', 'dashboard', `${program}.ts`)]),
        ),
        output: { entryFileNames: '[name].mjs' },
      },
    },
  })
  process.env.TANDEM_BENCH_ROOT = root
  const { main } = await import(pathToFileURL(join(folder, `${name}.mjs`)).href)
  await main(process.argv.slice(3))
} finally {
  await rm(folder, { recursive: true })
}
