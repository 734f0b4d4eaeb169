import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runFolder } from '../../src/core/history/run-folder.js'
import { RunHistory } from '../../src/core/history/run-history.js'
import { searchRuns } from '../../src/core/history/search-runs.js'
import { plannedMeasurement, runStarted } from '../../src/shared/live/live-run.fixture.js'
import { type Results, resultsVersion } from '../../src/shared/results.js'
import { summariseRun } from '../../src/shared/run-summary.js'

/** How long lists of 1,000 runs take: the first of a process, which reads all of them, and those after it. */
export async function main(parameters: readonly string[]): Promise<void> {
  const at = parameters.indexOf('--runs')
  const count = at === -1 ? 1_000 : Number(parameters[at + 1])
  const folder = await mkdtemp(join(tmpdir(), 'tandem-history-bench-'))
  try {
    for (let index = 0; index < count; index++) await writeRun(folder, index)
    const firsts: number[] = []
    const seconds: number[] = []
    const searches: number[] = []
    for (let time = 0; time < 9; time++) {
      const history = new RunHistory(folder)
      firsts.push(await timed(() => history.list()))
      for (let again = 0; again < 3; again++) seconds.push(await timed(() => history.list()))
      const list = await history.list()
      searches.push(await timed(async () => searchRuns(list, 'resnet18 workstation ddp')))
    }
    console.log(`${count} runs, milliseconds, median (least to most)`)
    console.log(`first list of a process: ${describe(firsts)}`)
    console.log(`each after it:           ${describe(seconds)}`)
    console.log(`a search in it:          ${describe(searches)}`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await action()
  return performance.now() - startedAt
}

function describe(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const [middle, least, most] = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)]
  return `${middle?.toFixed(1)} (${least?.toFixed(1)} to ${most?.toFixed(1)})`
}

async function writeRun(history: string, index: number): Promise<void> {
  const runId = `20260131-142530-${index.toString(16).padStart(6, '0')}`
  const { configuration, machine } = runStarted([])
  const results: Results = {
    format: 'tandem-results',
    version: resultsVersion,
    runId,
    startedAt: '2026-01-31T14:25:30.000Z',
    finishedAt: null,
    status: 'complete',
    configuration,
    warnings: [],
    environment: null,
    notes: [],
    machine,
    measurements: (['single', 'single-all-cores', 'dp', 'ddp'] as const).map((id) => ({
      ...plannedMeasurement(id),
      status: 'completed',
      ranks: [],
    })),
  }
  const files = runFolder(join(history, runId))
  await mkdir(files.directory, { recursive: true })
  const owner = { hostName: 'workstation', pid: 1, startTime: 0 }
  const record = { format: 'tandem-run', version: 1, owner, summary: summariseRun(results) }
  await writeFile(files.summary, `${JSON.stringify(record)}\n`)
  // The rest of a run's folder is not looked at.
}
