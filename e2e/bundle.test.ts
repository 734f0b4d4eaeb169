import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInBrowser, openBrowser, openPage, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'
import { startTandem } from './tandem-process.js'

/** The run that ships with Tandem: shown like any other, and not in the history. */
const example = '20261125-110450-8ae568'

describeInBrowser('A run that travels as one file', () => {
  let host: DashboardHost
  let browser: Browser
  let watched: WatchedPage
  let bundle: string

  beforeAll(async () => {
    host = await startDashboard()
    browser = await openBrowser()
    watched = await openPage(browser, host.url)
    bundle = join(host.dataFolder, 'run.tandem')
  })
  afterAll(async () => {
    await browser?.close()
    await host?.remove()
  })

  it('is saved from the export screen', async () => {
    const { page } = watched
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    await page.evaluate(`location.hash = '#/export/${example}'`)
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Bundle' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe(`tandem-${example}.tandem`)
    await download.saveAs(bundle)
  })

  it('is opened where it is dropped, on any screen, and again where it is there already', async () => {
    const { page } = watched
    const base64 = (await readFile(bundle)).toString('base64')
    for (const screen of ['#/', '#/explain']) {
      await page.evaluate(`location.hash = '${screen}'`)
      await page.waitForTimeout(300)
      const dataTransfer = await page.evaluateHandle(`(() => {
        const bytes = Uint8Array.from(atob('${base64}'), (character) => character.charCodeAt(0))
        const transfer = new DataTransfer()
        transfer.items.add(new File([bytes], 'run.tandem'))
        return transfer
      })()`)
      await page.locator('#content').dispatchEvent('drop', { dataTransfer })
      await page.waitForURL(new RegExp(`#/results/${example}$`))
    }
    expect(watched.problems).toEqual([])
  })

  it('says in a line what is wrong with one that it does not open', async () => {
    const { page } = watched
    const dataTransfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array([0x50, 0x4b, 3, 4, 0, 0])], 'half.tandem'))
      return transfer
    })()`)
    await page.locator('#content').dispatchEvent('drop', { dataTransfer })
    await page
      .getByRole('alert')
      .getByText(/^half\.tandem cannot be used: it is cut off/)
      .waitFor()
  })

  it('gives the same file again from the terminal', async () => {
    const again = join(host.dataFolder, 'again.tandem')
    const tandem = startTandem(['history', 'export', example, '--bundle', again], {
      TANDEM_DATA_DIR: host.dataFolder,
    })
    expect(await tandem.ended(), tandem.output()).toBe(0)
    expect(Buffer.compare(await readFile(again), await readFile(bundle))).toBe(0)
  })
})
