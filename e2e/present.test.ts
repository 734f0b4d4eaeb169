import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seriousViolations } from './accessibility.js'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'

/** The run that ships with Tandem: five repeats of Single, DP and DDP, of which DP happened to be measured first. */
const example = '20261125-110450-8ae568'

/** Of the window's height: what can be read from the last row. */
const leastTextShare = 0.022

describeInBrowser('Present: a run as scenes', () => {
  let host: DashboardHost
  let browser: Browser
  let watched: WatchedPage
  let page: Page

  beforeAll(async () => {
    host = await startDashboard()
    browser = await openBrowser()
    watched = await openPage(browser, host.url)
    page = watched.page
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    await page.evaluate(`location.hash = '/present/${example}'`)
    await page.getByRole('heading', { name: 'One step of DDP' }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await host?.remove()
  })

  const scene = (name: string) => page.getByRole('region', { name, exact: true })

  it('goes from scene to scene by arrow, by number, and back', async () => {
    await page.keyboard.press('ArrowRight')
    await page.getByRole('heading', { name: 'Who trains an epoch first?' }).waitFor()
    await page.keyboard.press('4')
    await page.getByRole('heading', { name: /DDP is 1\.42x faster on 2 CPU devices/ }).waitFor()
    await page.keyboard.press('PageUp')
    await page.getByRole('heading', { name: 'Training, strategy by strategy' }).waitFor()
    await page.keyboard.press('1')
    await page.getByRole('heading', { name: 'One step of DDP' }).waitFor()
  })

  it('plays Single first, from its first step, with images/s where there is no base yet', async () => {
    await page.keyboard.press('3')
    await page.getByRole('heading', { name: 'Training, strategy by strategy' }).waitFor()
    // It plays by itself: back to its first moment, and one step on.
    await page.keyboard.press('Space')
    await page.getByRole('slider', { name: 'Place in the recording' }).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('.')
    const strategies = page.getByRole('list', { name: 'Strategies' }).getByRole('listitem')
    const single = strategies.filter({ hasText: /^Single(?! \()/ })
    await single.getByText(/^Repeat 1 of 5: epoch 1 of 3$/).waitFor()
    await single.getByText(/^\d+ images\/s$/).waitFor()
    expect(await scene('Training').textContent()).not.toContain('N/A')
    // Slow enough that a strategy under way is seen as that, also where frames are rare.
    await page.getByText('5x', { exact: true }).click()
    await page.keyboard.press('Space')
    const ddp = strategies.filter({ hasText: 'DDP' })
    await ddp.getByText(/^\d\.\d\dx$/).waitFor()
    await ddp.getByText('So far', { exact: true }).waitFor()
    await takePicture(page, 'present-training')
  })

  it('has every figure within its card, also in a small window', async () => {
    for (const size of [
      { width: 1024, height: 700 },
      { width: 1280, height: 720 },
    ]) {
      await page.setViewportSize(size)
      const over = await page.evaluate(
        `[...document.querySelectorAll('[aria-label="Strategies"] p')]
          .filter((line) => line.scrollWidth > line.clientWidth).map((line) => line.textContent)`,
      )
      expect(over, `at ${size.width}`).toEqual([])
    }
  })

  it('starts a race of all strategies together, and says who was through first', async () => {
    await page.keyboard.press('2')
    await page.getByText('All start together. Press space.').waitFor()
    await page.getByText('5x', { exact: true }).click()
    await page.keyboard.press('Space')
    await page.getByText(/^1st, \d\.\d\d s$/).waitFor()
    await page.getByText(/^3rd, \d\.\d\d s$/).waitFor()
    expect(await page.locator('[aria-live="polite"]').first().textContent()).toMatch(
      /^Across the line: DP after \d\.\d\d s, DDP after \d\.\d\d s and Single after \d\.\d\d s\.$/,
    )
    await takePicture(page, 'present-race')
  })

  it('takes others onto the track', async () => {
    await page.getByRole('checkbox', { name: 'Single (all cores)' }).check()
    await expect.poll(() => page.getByRole('list', { name: 'Lanes' }).getByRole('listitem').count()).toBe(4)
  })

  it('has each speedup of the answer with its interval and how far it can be relied on', async () => {
    await page.keyboard.press('4')
    const ddp = page.getByRole('list', { name: 'Answers' }).getByRole('listitem').filter({ hasText: 'DDP' })
    expect(await ddp.textContent()).toMatch(/1\.42x.*95 % 1\.39 to 1\.45.*Valid/)
    await takePicture(page, 'present-answer')
  })

  it('is legible in the last row: no text below 2.2 % of the window in any scene and size', async () => {
    for (const size of [
      { width: 1280, height: 720 },
      { width: 1920, height: 1080 },
      { width: 3840, height: 2160 },
    ]) {
      await page.setViewportSize(size)
      for (const number of ['1', '2', '3', '4', '5']) {
        await page.keyboard.press(number)
        await page.waitForTimeout(400)
        expect(
          await smallTexts(page, leastTextShare * size.height),
          `scene ${number} at ${size.height}`,
        ).toEqual([])
        expect(await overflow(page), `scene ${number} at ${size.height}`).toBe(0)
      }
    }
    await page.setViewportSize({ width: 1280, height: 720 })
  })

  it('is accessible in all three themes', async () => {
    await page.keyboard.press('4')
    for (const theme of ['Dark', 'High contrast', 'Light']) {
      await page.keyboard.press('t')
      await page.getByRole('button', { name: `Theme: ${theme}` }).waitFor()
      for (const number of ['1', '2', '3', '4', '5']) {
        await page.keyboard.press(number)
        await page.waitForTimeout(300)
        expect(await seriousViolations(page), `scene ${number}, ${theme}`).toEqual([])
      }
      await takePicture(page, `present-answer-${theme.toLowerCase().replace(' ', '-')}`)
    }
  })

  it('keeps the order that the presenter sets, and leaves scenes out', async () => {
    await page.keyboard.press('o')
    const overview = page.getByRole('dialog', { name: 'Scenes' })
    await overview.getByRole('button', { name: 'Answer earlier' }).click()
    await overview.getByRole('button', { name: 'Answer earlier' }).click()
    await overview.getByRole('button', { name: 'Answer earlier' }).click()
    await overview.getByRole('switch', { name: 'Show Training' }).click({ force: true })
    await takePicture(page, 'present-overview')
    await page.keyboard.press('Escape')
    await overview.waitFor({ state: 'hidden' })
    expect(page.url()).toContain('/present/')
    await page.keyboard.press('Escape')
    await page.waitForURL(/#\/live$/)
    await page.evaluate(`location.hash = '/present/${example}'`)
    const scenes = page.getByRole('navigation', { name: 'Scenes' }).getByRole('button')
    await scenes.first().waitFor()
    expect(await scenes.allTextContents()).toEqual(['1 Answer', '2 Explain', '3 Race', '4 Why'])
  })

  it('leaves by Escape, and the page is as large as before', async () => {
    await page.keyboard.press('Escape')
    await page.waitForURL(/#\/live$/)
    expect(await page.evaluate(`getComputedStyle(document.documentElement).fontSize`)).toBe('16px')
    expect(watched.problems).toEqual([])
  })
})

/** Texts that are smaller than so many pixels, also within pictures that are scaled. */
async function smallTexts(page: Page, least: number): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
    const small = []
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement
      const text = walker.currentNode.textContent.trim()
      if (text === '' || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      const svg = element.closest('svg')
      const scale = svg === null ? 1 : Math.abs(svg.getScreenCTM()?.d ?? 1)
      const pixels = Number.parseFloat(getComputedStyle(element).fontSize) * scale
      if (pixels < ${least} - 0.01) small.push(pixels.toFixed(1) + ' ' + text.slice(0, 40))
    }
    return small
  })()`)) as string[]
}

/** By how many pixels the page is higher than its window. */
async function overflow(page: Page): Promise<number> {
  return (await page.evaluate(
    `Math.max(0, document.querySelector('main').scrollHeight - window.innerHeight)`,
  )) as number
}
