import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hopelessOutputs } from '../src/shared/nvidia/hopeless-smi-outputs.fixture.js'
import { answering, type SmiOutput } from '../src/shared/nvidia/smi-outputs.fixture.js'
import { seriousViolations } from './accessibility.js'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'
import { chooseSmallRun, goTo, run, stopRun } from './dashboard-page.js'

/*
 * Doctor's screen in a real browser, on a machine with a planted fault: an nvidia-smi beside a driver of another version.
 * There is no TensorFlow and no Python, so what is left to prove is WebAssembly, by its real program.
 */

describeInBrowser('the doctor screen', () => {
  let browser: Browser
  let host: DashboardHost
  let watched: WatchedPage
  let page: Page
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-doctor-screen-'))
    const mismatch = hopelessOutputs.find(({ exitCode }) => exitCode === 18) as SmiOutput
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin', 'nvidia-smi'), `#!/bin/sh\n${answering(mismatch)}\n`, { mode: 0o755 })
    host = await startDashboard(['--no-run'], join(folder, 'data'), {
      PATH: join(folder, 'bin'),
      TANDEM_TENSORFLOW_DIR: '',
      TANDEM_CACHE_DIR: join(folder, 'cache'),
    })
    browser = await openBrowser()
    watched = await openPage(browser, await host.freshUrl())
    page = watched.page
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  })
  afterAll(async () => {
    await browser.close()
    await host.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  async function look(name: string): Promise<void> {
    for (const [width, height] of [
      [1280, 720],
      [1024, 700],
    ] as const) {
      await page.setViewportSize({ width, height })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.waitForTimeout(200)
        await takePicture(page, `${name}-${width}-${colorScheme}`)
        expect(await seriousViolations(page), `${name}, ${width}, ${colorScheme}`).toEqual([])
      }
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect(overflow, `${name} at ${width}`).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1280, height: 720 })
  }

  const start = () => page.getByRole('button', { name: /^Check (this machine|again)$/ })
  const row = (title: string | RegExp) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: title }) })

  it('is reached and started by keys, tells each check as it is made, and stops', async () => {
    await page.getByRole('heading', { name: 'Benchmark', exact: true }).waitFor()
    await page.keyboard.press('d')
    await page.getByRole('heading', { name: 'Doctor', exact: true }).waitFor()
    await look('doctor-idle')
    await start().focus()
    await page.keyboard.press('Enter')
    await row('Processor cores')
      .getByText(/cores? of \d+ usable/)
      .waitFor()
    await page.getByRole('row').filter({ hasText: 'checking' }).first().waitFor()
    await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter')
    await page.getByText(/^Stopped after \d+ checks$/).waitFor()
  })

  it('shows faults first, with what to do, in words and not by colour alone', async () => {
    await start().click()
    await row('Training steps against PyTorch').getByText('checking').waitFor()
    await look('doctor-running')
    await page.getByText(/^1 fault, \d+ warnings? in \d+ checks, [\d.]+ s$/).waitFor({ timeout: 300_000 })

    const todo = page.getByRole('region', { name: 'What to do' })
    await todo.getByText('The driver was updated: restart the machine.').waitFor()
    await row('nvidia-smi').getByText('fault', { exact: true }).waitFor()
    await row('nvidia-smi')
      .getByText(/version mismatch/)
      .waitFor()
    await row('DDP, 2 steps')
      .getByText(/^loss \d+\.\d+, [\d.]+ images\/s/)
      .waitFor()
    await row('All-reduce by size').getByText('Figures').click()
    await page.getByRole('table', { name: 'All-reduce by size' }).getByText('busbw (GB/s)').waitFor()
    await look('doctor-faults')

    await todo.getByRole('button', { name: 'GPUs: nvidia-smi' }).click()
    expect(await page.evaluate('document.activeElement?.innerText')).toMatch(/version mismatch/)
  })

  it('has a report to paste', async () => {
    await page.getByRole('button', { name: 'Copy report' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const report = (await page.evaluate('navigator.clipboard.readText()')) as string
    expect(report).toMatch(/^## tandem doctor\n/)
    expect(report).toMatch(/\| ✗ fault \| nvidia-smi \|/)
    expect(report).not.toContain(folder)
  })

  it('waits while a benchmark measures, and lets none begin beside it', async () => {
    await goTo(page, 'Benchmark')
    await chooseSmallRun(page, { steps: 1000 })
    await run(page)
    await goTo(page, 'Doctor')
    await page.getByText(/doctor would take its time/).waitFor()
    expect(await start().isDisabled()).toBe(true)
    await look('doctor-refused')
    await stopRun(page)

    await start().click()
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
    await goTo(page, 'Benchmark')
    await page.getByRole('button', { name: 'Run benchmark' }).click()
    await page.getByText(/Doctor is checking this machine/).waitFor()
    await goTo(page, 'Doctor')
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByText(/^Stopped after \d+ checks?$/).waitFor()
    expect(watched.problems).toEqual([])
  })
})
