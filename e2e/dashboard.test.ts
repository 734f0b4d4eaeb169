import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeInBrowser, openBrowser, openPage, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'
import {
  chooseSmallRun,
  ended,
  finished,
  goTo,
  losses,
  openAdvanced,
  run,
  stopRun,
} from './dashboard-page.js'
import { eventually } from './tandem-process.js'

/*
 * The dashboard as its users have it: a real browser, the built web host, real trainers. Small runs on generated
 * pictures, with whichever engine this machine has.
 */

describeInBrowser('the dashboard', () => {
  let browser: Browser
  let host: DashboardHost
  let opened: WatchedPage[]

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    opened = []
    host = await startDashboard()
  })
  afterEach(async () => {
    await host.remove()
    // What goes wrong once the host is gone is the page's to bear, and is looked at where that is tested.
    expect(opened.flatMap(({ problems }) => problems).filter(isNoLostConnection)).toEqual([])
    for (const context of browser.contexts()) await context.close()
  })

  async function enter(): Promise<Page> {
    const watched = await openPage(browser, await host.freshUrl())
    opened.push(watched)
    return watched.page
  }

  it('trains at the press of a button, and the loss falls', async () => {
    const page = await enter()
    await chooseSmallRun(page, { steps: 20, data: 'Synthetic' })
    await run(page)
    expect(page.url()).toMatch(/#\/live$/)
    await finished(page, ['Single', 'DDP'])

    const ofSingle = await losses(page, 'Single')
    expect(ofSingle).toHaveLength(40)
    expect(mean(ofSingle.slice(-12))).toBeLessThan(mean(ofSingle.slice(0, 12)))
  })

  it('stops at the press of a button, and starts again', async () => {
    const page = await enter()
    await chooseSmallRun(page, { steps: 1000 })
    await run(page)
    expect(host.trainers()).not.toEqual([])

    await stopRun(page)
    await eventually('the trainers end', 5_000, () => host.trainers().length === 0)
    await page.getByRole('list', { name: 'Strategies' }).getByText('Stopped').first().waitFor()

    await goTo(page, 'Benchmark')
    await run(page)
  })

  it('misses nothing when it is reloaded in the middle, and shows a second window the same', async () => {
    const page = await enter()
    await chooseSmallRun(page, { steps: 12 })
    await run(page)
    await page.reload()
    const second = await enter()
    await Promise.all([finished(page, ['Single', 'DDP']), finished(second, ['Single', 'DDP'])])

    const [here, there] = [await losses(page, 'DDP'), await losses(second, 'DDP')]
    expect(here).toHaveLength(24)
    expect(there).toEqual(here)
  })

  it('keeps runs over a restart, plays one again, and deletes it', async () => {
    const page = await enter()
    await chooseSmallRun(page, { steps: 4 })
    await run(page)
    await finished(page, ['Single', 'DDP'])
    // Measurements that other programs disturbed come again after the last: only its end is the end.
    await ended(page)
    await host.stop()
    await page.getByText('The connection to Tandem is lost').waitFor()

    host = await startDashboard(['--no-run'], host.dataFolder)
    const again = await enter()
    await goTo(again, 'History')
    const row = again.getByRole('row').filter({ hasText: 'Custom: ResNet-18 on the sample' })
    await row.getByText('Complete').waitFor()

    // By the key: while a page begins, its lines may move between where a click was aimed at and where it lands.
    await row.getByRole('link', { name: /^Play run/ }).press('Enter')
    await again.waitForURL(/#\/present\//)
    await again.getByText(/^Recorded on /).waitFor()
    await again.getByRole('button', { name: /^\d Training$/ }).click()
    await again.getByText('20x', { exact: true }).click()
    await again.getByRole('list', { name: 'Strategies' }).getByText('Done').nth(1).waitFor()
    expect(await losses(again, 'Single')).toHaveLength(8)

    await again.keyboard.press('Escape')
    await goTo(again, 'History')
    await again.getByRole('button', { name: /^Delete run/ }).click()
    await again.getByText('Every benchmark is kept here').waitFor()
  })

  it('explains bad values at their field, and what cannot run here', async () => {
    const page = await enter()
    const runButton = page.getByRole('button', { name: 'Run benchmark' })
    const time = page.getByRole('status', { name: 'How long it takes' })
    await time.getByText(/^Takes about \d/).waitFor()
    await openAdvanced(page)
    await page.getByLabel('Epochs epochs').fill('0')
    await page.getByText('Allowed: whole numbers from 1', { exact: true }).waitFor()
    expect(await runButton.isDisabled()).toBe(true)
    // Beside Run, too: it leads to the field.
    await page.getByRole('button', { name: 'Epochs: Allowed: whole numbers from 1' }).click()
    expect(await page.evaluate('document.activeElement.id')).toBe('setting-epochs')

    await page.getByLabel('Epochs epochs').fill('1')
    await page.getByLabel('Devices devices').fill('cpu:4096')
    await page
      .getByText(/\d+ cores? may be used here \([^)]*\), so cpu:1/)
      .first()
      .waitFor()
    expect(await runButton.isDisabled()).toBe(true)

    await page.getByLabel('Batch per device').fill('100000')
    await page.getByLabel('Devices devices').fill('cpu:2')
    await page.getByRole('button', { name: /^Batch per device: .*the data set has/ }).waitFor()
    expect(await runButton.isDisabled()).toBe(true)
    await page.getByLabel('Batch per device').fill('64')

    const sweep = page.getByLabel('Device sweep')
    await sweep.fill('1;2')
    await page.getByRole('button', { name: /^Device sweep: Allowed: numbers of devices/ }).waitFor()
    await sweep.fill('1,4096')
    expect(await runButton.isDisabled()).toBe(true)
    await sweep.fill('1, 2')
    await page.getByRole('table', { name: 'What will be measured' }).getByText('DDP x2').waitFor()
    expect(await sweep.inputValue()).toBe('1, 2')
    await time.getByText(/^Takes about \d/).waitFor()
    await sweep.fill('')

    await page.getByLabel('Devices devices').fill('cpu:1')
    await page
      .getByText(/DataParallel needs at least 2 devices/)
      .first()
      .waitFor()
  })

  it('lets nobody in with a wrong or a used address', async () => {
    const { page: stranger } = await openPage(browser, host.url.replace(/token=.*/, 'token=wrong'))
    await stranger.getByText('This browser has not been let in').waitFor()

    await enter()
    const { page: late } = await openPage(browser, host.url)
    await late.getByText('This browser has not been let in').waitFor()
  })
})

function isNoLostConnection(problem: string): boolean {
  return !/WebSocket connection to .* failed|ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE)/.test(
    problem,
  )
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
