import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from '../../src/shared/statistics/quantiles.js'
import { openAnyBrowser, startDashboard } from './page.js'

/** From the command to a page that takes clicks, everything built: the host's own time, and until the button works. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { times: { type: 'string', default: '5' } } })
  const dataFolder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  const browser = await openAnyBrowser()
  const listening: number[] = []
  const interactive: number[] = []
  try {
    for (let time = 0; time < Number(values.times); time++) {
      const startedAt = performance.now()
      const dashboard = await startDashboard(dataFolder, '--no-run')
      const page = await (await browser.newContext()).newPage()
      await page.goto(dashboard.url)
      await page.locator('button:enabled', { hasText: 'Run benchmark' }).waitFor()
      interactive.push(performance.now() - startedAt)
      listening.push(dashboard.listeningMs)
      await page.context().close()
      await dashboard.stop()
    }
  } finally {
    await browser.close()
    await rm(dataFolder, { recursive: true })
  }
  const row = (name: string, values: number[]): string =>
    `${name}: median ${median(values)?.toFixed(0)} ms (${Math.min(...values).toFixed(0)} - ${Math.max(...values).toFixed(0)})`
  console.log(row('host listens', listening))
  console.log(row('page takes clicks', interactive))
}
