import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'
import { eventually } from './tandem-process.js'

/*
 * The dashboard as its users have it: a real browser, the built web host, real trainers. Small runs on generated
 * pictures, with whichever engine this machine has.
 */

describeInBrowser('the dashboard', () => {
  let browser: Browser
  let host: DashboardHost
  let open: WatchedPage[]

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    open = []
    host = await startDashboard()
  })
  afterEach(async () => {
    await host.remove()
    expect(open.flatMap(({ problems }) => problems)).toEqual([])
    for (const context of browser.contexts()) await context.close()
  })

  async function enter(url = host.url): Promise<Page> {
    const opened = await openPage(browser, url)
    open.push(opened)
    return opened.page
  }

  it('trains at the press of a button, and the loss falls', async () => {
    const page = await enter()
    await chooseSmallRun(page, { steps: 16 })
    await takePicture(page, 'benchmark-light')
    await page.getByRole('button', { name: 'Run benchmark' }).click()

    await expect.poll(() => page.url(), { timeout: 20_000 }).toMatch(/#\/live$/)
    await page.getByRole('list', { name: 'Strategies' }).getByText('Epoch 1 of 2').waitFor()
    await finished(page, ['Single', 'DDP'])
    await takePicture(page, 'live-light')

    const losses = await lossOf(page, 'Single')
    expect(losses.length).toBe(32)
    expect(mean(losses.slice(-8))).toBeLessThan(mean(losses.slice(0, 8)))
  })

  it('stops at the press of a button, and starts again', async () => {
    const page = await enter()
    await chooseSmallRun(page, { steps: 1000 })
    await page.getByRole('button', { name: 'Run benchmark' }).click()
    await page.getByText('Epoch 1 of 2').waitFor()
    const trainers = host.trainers()
    expect(trainers).not.toEqual([])

    await page.getByRole('button', { name: 'Stop' }).click()
    await eventually('the trainers end', 5_000, () => host.trainers().length === 0)
    await page.getByRole('list', { name: 'Strategies' }).getByText('Stopped').first().waitFor()

    await page.getByRole('link', { name: 'Benchmark', exact: true }).click()
    await page.getByRole('button', { name: 'Run benchmark' }).click()
    await page.getByText('Epoch 1 of 2').waitFor()
  })
})

/** Single and DDP on two CPU devices, with small batches of generated pictures. */
async function chooseSmallRun(page: Page, { steps }: { steps: number }): Promise<void> {
  await page.getByRole('checkbox', { name: 'DataParallel (DP)', exact: true }).click()
  await choose(page, 'Data dataset', 'Synthetic')
  await page.getByLabel('Batch, Single').fill('16')
  await page.getByLabel('Batch a device').fill('8')
  await page.getByLabel('Steps an epoch, at most').fill(String(steps))
  await page.getByLabel('Learning rate').fill('0.01')
  await page.getByLabel('Data workers').fill('0')
  await page.getByLabel('Devices devices').fill('cpu:2')
  await page.getByRole('table', { name: 'What will be measured' }).getByText('DDP').waitFor()
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

async function finished(page: Page, titles: string[]): Promise<void> {
  const tiles = page.getByRole('list', { name: 'Strategies' })
  for (const title of titles) {
    await tiles.getByRole('listitem').filter({ hasText: title }).getByText('Done').first().waitFor()
  }
}

/** What the chart's table says of one strategy, by step. */
async function lossOf(page: Page, title: string): Promise<number[]> {
  await page.getByRole('button', { name: 'Show Loss as a table' }).click()
  const table = page.getByRole('table', { name: /^Loss/ })
  const columns = await table.getByRole('columnheader').allTextContents()
  const column = columns.indexOf(title)
  const rows = await table.getByRole('row').all()
  const cells = await Promise.all(rows.slice(1).map((row) => row.getByRole('cell').nth(column).textContent()))
  return cells.map(Number)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
