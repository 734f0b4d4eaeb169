// The dashboard, measured:
//
//   npm run build
//   node bench/dashboard.mjs stream [--minutes 10]     frames and memory under 16 ranks and 16 devices
//   node bench/dashboard.mjs overhead [--pairs 7]      training with the page open against the bare command line
//   node bench/dashboard.mjs page-cost [--pairs 60]    one run, watched and unwatched in turn
//   node bench/dashboard.mjs start [--times 5]         from the command to an interactive page
//   node bench/dashboard.mjs first-chart [--engine]     from a fresh clone to a chart that moves
//   node bench/dashboard.mjs pages                      50 pages on one run of 64 ranks
//   node bench/dashboard.mjs frames [--times 3]         dropped frames of Explain and Race, and what runs hidden
//   node bench/dashboard.mjs pictures [--out FOLDER]    every scene of Present in three themes and four sizes
//   node bench/dashboard.mjs scale                      a history of 5,000 runs, 1 GB and 200 MB in one
//
// The programs are TypeScript in bench/dashboard; this builds them where Node finds the packages they need.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildPrograms } from './build-programs.mjs'

const programs = [
  'stream',
  'stream-host',
  'overhead',
  'page-cost',
  'start',
  'first-chart',
  'scale',
  'pages',
  'frames',
  'pictures',
]

const [name = ''] = process.argv.slice(2)
if (!programs.includes(name)) {
  console.error(
    'usage: node bench/dashboard.mjs stream|overhead|page-cost|start|first-chart|scale|pages|frames|pictures',
  )
  process.exit(2)
}
const { folder, remove } = await buildPrograms(
  Object.fromEntries(programs.map((program) => [program, `dashboard/${program}.ts`])),
)
try {
  const { main } = await import(pathToFileURL(join(folder, `${name}.mjs`)).href)
  await main(process.argv.slice(3))
} finally {
  await remove()
}
