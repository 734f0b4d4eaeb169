import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RunHistory } from '../../src/core/history/run-history.js'
import { searchRuns } from '../../src/core/history/search-runs.js'
import { median } from '../../src/shared/statistics/quantiles.js'
import { writeLargeRecording, writeLargeResults, writeRuns } from './large-history.js'
import { root } from './page.js'

const bars = { list: 300, terminal: 1_000, open: 5_000, import: 5_000 }

/**
 * How a large history behaves: lists of many runs, in the page's host and in a fresh process of the terminal, a
 * recording of a gigabyte opened, results of 200 MB imported. Times in milliseconds; memory is the most that the
 * process had. Run `npm run build` first.
 */
export async function main(parameters: string[]): Promise<void> {
  const { values } = parseArgs({
    args: parameters,
    options: {
      runs: { type: 'string', default: '5000' },
      recording: { type: 'string', default: '1000' },
      results: { type: 'string', default: '200' },
      times: { type: 'string', default: '5' },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-scale-'))
  const times = Number(values.times)
  try {
    const runs = join(folder, 'many')
    await writeRuns(join(runs, 'runs'), Number(values.runs))
    await listed(runs, times)
    const megabytes = Number(values.recording)
    const { runId } = await writeLargeRecording(join(folder, 'large', 'runs'), megabytes * 1e6)
    await opened(join(folder, 'large'), runId, megabytes, times)
    await rm(join(folder, 'large'), { recursive: true })
    const results = join(folder, 'results.json')
    await writeLargeResults(results, Number(values.results) * 1e6)
    imported(join(folder, 'imports'), results, Number(values.results))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function listed(dataFolder: string, times: number): Promise<void> {
  const tandem = ['history', 'list', '--limit', '20']
  row('terminal: list, first time', [runTandem(dataFolder, tandem).ms], bars.terminal)
  const again = Array.from({ length: times }, () => runTandem(dataFolder, tandem).ms)
  row('terminal: list, in a process of its own', again, bars.terminal)
  const history = new RunHistory(join(dataFolder, 'runs'))
  row('host: first list', [await timed(() => history.list())], bars.list)
  const lists: number[] = []
  const searches: number[] = []
  for (let time = 0; time < times; time++) {
    lists.push(await timed(() => history.list()))
    const list = await history.list()
    searches.push(await timed(async () => searchRuns(list, 'resnet18 workstation ddp')))
  }
  row('host: each after it', lists, bars.list)
  row('host: a search', searches, bars.list)
}

async function opened(dataFolder: string, runId: string, megabytes: number, times: number): Promise<void> {
  const ms: number[] = []
  for (let time = 0; time < times; time++) {
    const history = new RunHistory(join(dataFolder, 'runs'))
    ms.push(await timed(async () => (await history.replay(runId)).toSnapshot()))
  }
  row(`host: opens a recording of ${megabytes} MB`, ms, bars.open)
  console.log(`  memory of this process: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`)
}

function imported(dataFolder: string, results: string, megabytes: number): void {
  const { ms, output } = runTandem(dataFolder, ['history', 'import', results])
  row(`terminal: imports results of ${megabytes} MB`, [ms], bars.import)
  if (!output.includes(': run ')) console.log(output)
}

function runTandem(dataFolder: string, parameters: readonly string[]): { ms: number; output: string } {
  const startedAt = performance.now()
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'out', 'main', 'tandem.js'), ...parameters],
    { env: { ...process.env, TANDEM_DATA_DIR: dataFolder }, encoding: 'utf8' },
  )
  return { ms: performance.now() - startedAt, output: stdout + stderr }
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await action()
  return performance.now() - startedAt
}

function row(what: string, ms: readonly number[], barMs: number): void {
  const [least, most] = [Math.min(...ms), Math.max(...ms)]
  const figures = `${median(ms)?.toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)}, n=${ms.length})`
  console.log(`${what}: ${figures}, bar ${barMs} ms`)
}
