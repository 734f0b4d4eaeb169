import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { RunHistory } from '../../src/core/history/run-history.js'
import type { Results } from '../../src/shared/results/results.js'
import type { PairedTimes } from '../../src/shared/statistics/speedup-estimate.js'
import { openAnyBrowser, openWithSettings, root, startDashboard, trainingConfiguration } from './page.js'
import { watchedRatioText } from './watched-ratio.js'

/**
 * Training with the Live screen open in a browser on the same machine, against the bare command line, in turn. Prints
 * the ratio of images/s of each pair and of all. Bar: at least 0.97.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { pairs: { type: 'string', default: '7' } } })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  const blocks: PairedTimes[] = []
  try {
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      const order = pair % 2 === 0 ? [withPage, withoutPage] : [withoutPage, withPage]
      const rates = new Map<typeof withPage, number>()
      for (const measure of order) rates.set(measure, await measure(folder))
      const [open, bare] = [rates.get(withPage) as number, rates.get(withoutPage) as number]
      blocks.push({ base: 1 / bare, strategy: 1 / open })
      console.log(
        `page open ${open.toFixed(0)} images/s, bare ${bare.toFixed(0)}: ${(open / bare).toFixed(3)}`,
      )
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  console.log(watchedRatioText(blocks))
}

async function withoutPage(folder: string): Promise<number> {
  const output = join(folder, 'results.json')
  const { perGpuBatchSize, learningRate, maxStepsPerEpoch, epochs, numWorkers } = trainingConfiguration
  await promisify(execFile)(
    process.execPath,
    [
      ...[join(root, 'out', 'main', 'tandem.js'), 'run', '--strategies', 'ddp', '--dataset', 'sample'],
      ...['--per-gpu-batch-size', String(perGpuBatchSize), '--lr', String(learningRate)],
      ...['--max-steps-per-epoch', String(maxStepsPerEpoch), '--epochs', String(epochs)],
      ...['--num-workers', String(numWorkers), '--devices', 'cpu', '--output-file', output],
    ],
    { env: { ...process.env, TANDEM_DATA_DIR: folder } },
  )
  return rateOf(JSON.parse(await readFile(output, 'utf8')))
}

async function withPage(folder: string): Promise<number> {
  const dashboard = await startDashboard(folder, '--no-run')
  const browser = await openAnyBrowser()
  try {
    const page = await openWithSettings(browser, dashboard, trainingConfiguration)
    await page.locator('button:enabled', { hasText: 'Run benchmark' }).click()
    await page.getByRole('list', { name: 'Strategies' }).getByText('Done').waitFor({ timeout: 600_000 })
    const history = new RunHistory(join(folder, 'runs'))
    const [latest] = await history.list()
    return rateOf(await history.results(latest?.runId as string))
  } finally {
    await browser.close()
    await dashboard.stop()
  }
}

function rateOf({ measurements }: Results): number {
  const rate = measurements.find(({ id }) => id === 'ddp')?.imagesPerSecond
  if (rate == null) throw new Error('DDP was not measured')
  return rate
}
