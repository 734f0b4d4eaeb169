import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seriousViolations } from './accessibility.js'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'

/** The run that ships with Tandem: real steps of Single, DP and DDP. */
const example = '20261125-110450-8ae568'

describeInBrowser('Explain: one recorded step, slowed down', () => {
  let host: DashboardHost
  let browser: Browser
  let watched: WatchedPage

  beforeAll(async () => {
    host = await startDashboard()
    browser = await openBrowser()
    watched = await openPage(browser, host.url)
    const { page } = watched
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    await page.evaluate(`location.hash = '/explain/${example}'`)
    await page.getByRole('heading', { name: 'One step of DDP' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await host?.remove()
  })

  it('says what each phase does, forward and back, by key', async () => {
    const { page } = watched
    const captions: string[] = []
    const caption = page.locator('[aria-live="polite"]').first()
    await page.getByRole('button', { name: 'Play (space)' }).waitFor()
    // The pictures come a moment after the step.
    await page.waitForTimeout(1_000)
    for (let phase = 0; phase < 9; phase++) {
      captions.push((await caption.textContent()) ?? '')
      if (captions.at(-1)?.startsWith('All-reduce')) await takePicture(page, 'explain-ddp-exchange')
      await page.keyboard.press('ArrowRight')
    }
    expect(captions.join(' ')).toMatch(/its own reader.*gradients.*wait.*All-reduce.*Update/)
    await page.keyboard.press('ArrowLeft')
    expect(await caption.textContent()).not.toBe(captions.at(-1))
  })

  it('has the lanes of both ranks in words, with the milliseconds that were recorded', async () => {
    const { page } = watched
    const lanes =
      (await page.getByRole('img', { name: /Rank 0: .*Rank 1: / }).getAttribute('aria-label')) ?? ''
    for (const rank of lanes.split('Rank ').slice(1)) {
      const ms = [...rank.matchAll(/([\d.]+) ms/g)].map(([, number]) => Number(number))
      // Steps of this run take some 150 ms.
      expect(ms.reduce((sum, part) => sum + part, 0)).toBeGreaterThan(100)
    }
    expect(lanes).toMatch(/wait for the slowest rank/)
    // And to be seen, without hovering: who waits, and how long.
    await page.getByText('Rank 0 / Rank 1:').waitFor()
    await page
      .getByText(/^0 \/ [\d.]+ ms$/)
      .first()
      .waitFor()
  })

  it('plays to its end and folds into the answer of the run, with its interval and how far to rely on it', async () => {
    const { page } = watched
    await page.getByLabel('How much slower than recorded').first().click()
    await page.getByRole('option', { name: 'Slowed 10x' }).click()
    await page.getByRole('button', { name: 'Play (space)' }).click()
    await page.getByRole('heading', { name: 'Why not 2 times?' }).waitFor()
    await page
      .getByText(/Over the whole run: DDP on 2 CPU devices trains 1\.42x faster \(95 % 1\.39 to 1\.45\)/)
      .waitFor()
    await takePicture(page, 'explain-ddp-fold')
  })

  it('shows DP, whose weights are copied, with what its phases leave over', async () => {
    const { page } = watched
    await page.getByText('DP', { exact: true }).click()
    await page.getByRole('heading', { name: 'One step of DP' }).waitFor()
    await page.getByText(/Grey: .* belong to no phase/).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await takePicture(page, 'explain-dp')
    expect(await seriousViolations(page)).toEqual([])
  })

  it('asks what if, and calls the answer a model', async () => {
    const { page } = watched
    await page.getByText('What if', { exact: true }).click()
    await page.getByText(/Model, not measured: .*x over Single, efficiency/).waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await takePicture(page, 'explain-what-if-dark')
    expect(await seriousViolations(page)).toEqual([])
  })

  it('keeps its controls in sight below the lanes of many devices, also in a small window', async () => {
    const { page } = watched
    await page.getByRole('slider', { name: /^Devices: / }).press('End')
    await page.getByRole('img', { name: /Rank|14 to 15: / }).waitFor()
    for (const size of [
      { width: 1280, height: 720 },
      { width: 1024, height: 700 },
    ]) {
      await page.setViewportSize(size)
      await page.waitForTimeout(300)
      const [lanes, play] = await Promise.all([
        page.getByRole('img', { name: /14 to 15: / }).boundingBox(),
        page.getByRole('button', { name: 'Play (space)' }).boundingBox(),
      ])
      expect((lanes?.y ?? 0) + (lanes?.height ?? 0), `at ${size.width}`).toBeLessThanOrEqual(play?.y ?? 0)
      expect((play?.y ?? 0) + (play?.height ?? 0)).toBeLessThanOrEqual(size.height)
    }
    await takePicture(page, 'explain-what-if-16')
  })

  it('has two steps side by side without anything running over, in both themes and in half a window', async () => {
    const { page } = watched
    await page.getByText('Measured', { exact: true }).click()
    await page.getByText('DDP', { exact: true }).click()
    await page.getByRole('button', { name: 'Side by side' }).click()
    await page.getByRole('heading', { name: 'Two steps of DDP' }).waitFor()
    await page.getByRole('heading', { name: 'Without a straggler' }).waitFor()
    await page.setViewportSize({ width: 800, height: 700 })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.waitForTimeout(300)
      await takePicture(page, `explain-pair-800-${colorScheme}`)
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      expect(await seriousViolations(page)).toEqual([])
    }
    expect(watched.problems).toEqual([])
  })
})
