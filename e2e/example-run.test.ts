import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'

/*
 * The run that ships with Tandem, really recorded, on a dashboard that has none of its own: what a workshop sees. README's
 * pictures are `readme-*` of `out/e2e`.
 */

const examples = fileURLToPath(new URL('../resources/recorded-runs', import.meta.url))

describeInBrowser('the example run', () => {
  let browser: Browser
  let host: DashboardHost
  let watched: WatchedPage

  beforeAll(async () => {
    browser = await openBrowser()
    host = await startDashboard(['--no-run'], mkdtempSync(join(tmpdir(), 'tandem-example-')))
    watched = await openPage(browser, await host.freshUrl(), { deviceScaleFactor: 2 })
  })
  afterAll(async () => {
    await browser.close()
    await host.remove()
  })

  it('plays on any machine, and says that it is a recording, and whose', async () => {
    const { page } = watched
    await page.goto(new URL('/#/present', page.url()).href)
    await page.getByText(/^Recorded on /).waitFor()
    // Training, after Explain and Race.
    await page.keyboard.press('3')
    await page.getByText('20x', { exact: true }).click()
    await page
      .getByText(/\d\.\d\dx/)
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    expect(watched.problems).toEqual([])
  })

  it('opens on every screen', async () => {
    const { page } = watched
    const [runId] = readdirSync(examples)
    for (const [screen, shows] of [
      ['live', 'Time per step'],
      ['results', 'All figures'],
    ] as const) {
      await page.goto(new URL(`/#/${screen}/${runId}`, page.url()).href)
      await page.getByText(shows).first().waitFor()
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.waitForTimeout(500)
        await takePicture(page, `readme-${screen}-${colorScheme}`)
      }
    }
    expect(watched.problems).toEqual([])
  })
})
