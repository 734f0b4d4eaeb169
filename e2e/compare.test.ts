import { mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { measuredResults } from '../src/core/results/measured-results.fixture.js'
import { seriousViolations } from './accessibility.js'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'
import { answerStop, goTo } from './dashboard-page.js'

/*
 * What one does with runs that were measured: brings them in, names them, finds them, holds them against each other,
 * and takes them out again. Each test goes on where the one before it ended.
 */

const markup = '<img src=x onerror="document.title=1"><b>bold</b>'
const before = '20260131-142530-9f3a1c'
const after = '20260202-080000-00bb00'
const elsewhere = '20260203-090000-00cc00'

describeInBrowser('runs that were measured', () => {
  let browser: Browser
  let host: DashboardHost
  let watched: WatchedPage
  let page: Page

  beforeAll(async () => {
    browser = await openBrowser()
    host = await startDashboard(['--no-run'], mkdtempSync(join(tmpdir(), 'tandem-compare-')))
    watched = await openPage(browser, await host.freshUrl())
    page = watched.page
    // Nothing trains here for long.
    page.setDefaultTimeout(20_000)
    await goTo(page, 'History')
  })
  afterAll(async () => {
    await browser.close()
    await host.remove()
  })

  const file = (name: string): string => join(host.dataFolder, name)
  const row = (text: string | RegExp): Locator =>
    page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: text })

  async function look(name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(300)
      await takePicture(page, `${name}-${colorScheme}`)
      expect(await seriousViolations(page), `${name}, ${colorScheme}`).toEqual([])
    }
  }

  it('come from files, by the picker and dropped; what is no results file is refused by name', async () => {
    const sound = measuredResults({ runId: before, blocks: 3 })
    const slower = measuredResults({ runId: after, blocks: 3, stepMs: 112 })
    await writeFile(file('before.json'), JSON.stringify(sound))
    await writeFile(
      file('after.json'),
      JSON.stringify({
        ...slower,
        startedAt: '2026-02-02T08:00:00.000Z',
        configuration: { ...slower.configuration, perGpuBatchSize: 16, seed: 1 },
      }),
    )
    await writeFile(file('cut.json'), JSON.stringify(sound).slice(0, 3_000))
    await writeFile(file('newer.json'), JSON.stringify({ format: 'tandem-results', version: 99 }))

    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Import' }).click()
    await (await choosing).setFiles(['before.json', 'after.json', 'cut.json', 'newer.json'].map(file))
    await page.getByText(/cut\.json cannot be used: it is not JSON, or only the beginning of it/).waitFor()
    await page.getByText(/newer\.json has version 99/).waitFor()
    await page.getByText('2 runs').waitFor()
    await look('history-import')

    const text = JSON.stringify({
      ...sound,
      runId: elsewhere,
      startedAt: '2026-02-03T09:00:00.000Z',
      machine: { ...sound.machine, hostName: markup, cpuModel: 'Another CPU' },
      status: 'cancelled',
    })
    const dataTransfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([${JSON.stringify(text)}], 'elsewhere.json', { type: 'application/json' }))
      return transfer
    })()`)
    const history = page.getByRole('region', { name: 'History' })
    await history.dispatchEvent('dragover', { dataTransfer })
    await page.getByText('Drop bundles (.tandem) or results.json files to import them').waitFor()
    await takePicture(page, 'history-drop')
    await history.dispatchEvent('drop', { dataTransfer })
    await page.getByText('3 runs').waitFor()
    await page.getByRole('link', { name: 'elsewhere.json' }).waitFor()
    expect(await page.getByText(/cut\.json/).count()).toBe(0)
    await page.getByRole('button', { name: 'Dismiss' }).click()
  })

  it('are named and noted, and what one writes is text wherever it stands', async () => {
    await page.getByRole('button', { name: `Name run ${before}` }).click()
    const dialog = page.getByRole('dialog', { name: 'Name and notes' })
    await dialog.getByLabel('Name').fill(markup)
    await dialog.getByLabel('Notes').fill(`The fan was <i>loud</i>.\n${'It went on. '.repeat(20)}`)
    await look('name-and-notes')
    await page.keyboard.press('Tab')
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await row(markup).getByText('The fan was <i>loud</i>.').waitFor()

    await page.getByLabel('Search the history').fill('LOUD bold')
    await page.getByText('1 run', { exact: true }).waitFor()
    await page.getByLabel('Search the history').fill('')
    await page.getByText('3 runs').waitFor()
    expect(await page.locator('main img, main b').count()).toBe(0)
    expect(await page.title()).not.toBe('1')
  })

  it('are sorted and filtered by their columns, by keys alone; the example is among them', async () => {
    const head = (name: string): Locator => page.getByRole('columnheader', { name })
    const first = page.getByRole('table', { name: 'Runs' }).locator('tbody tr').first()
    await first.getByText('Example').waitFor()
    await head('Repeats').getByRole('button').press('Enter')
    expect(await head('Repeats').getAttribute('aria-sort')).toBe('descending')
    await head('Machine').getByRole('button').press('Enter')
    expect(await head('Machine').getAttribute('aria-sort')).toBe('ascending')
    expect(await head('Repeats').getAttribute('aria-sort')).toBeNull()
    await first.getByText(markup).filter({ visible: true }).first().waitFor()

    await page.getByRole('button', { name: 'Filter' }).press('Enter')
    await look('history-filter')
    await page.getByLabel('Filter by state').selectOption('Stopped')
    await page.getByText('1 run', { exact: true }).waitFor()
    await page.getByLabel('Filter by machine').selectOption('workstation')
    await page.getByRole('button', { name: 'Show all runs' }).press('Enter')
    await page.getByText('3 runs').waitFor()
    await page.getByRole('button', { name: 'Filter' }).press('Enter')
    await head('Run').getByRole('button').press('Enter')
  })

  it('are deleted without a question, and come back by the next key', async () => {
    await page.getByRole('button', { name: `Delete run ${elsewhere}` }).press('Enter')
    await page.getByText(/^Deleted: /).waitFor()
    await page.getByText('2 runs').waitFor()
    await look('history-deleted')
    await page.keyboard.press('Enter')
    await page.getByText('3 runs').waitFor()
    expect(await page.getByText(/^Deleted: /).count()).toBe(0)
  })

  it('stand beside each other, differences first', async () => {
    await page.getByRole('button', { name: `Pin run ${before} as the baseline` }).click()
    await row(markup).getByText('Baseline').waitFor()
    for (const runId of [after, before]) await page.getByRole('checkbox', { name: runId }).check()
    await look('history-selected')
    await page.getByRole('link', { name: 'Compare 2' }).click()

    const differences = page.getByRole('table', { name: 'Differences' })
    await differences.getByRole('row', { name: 'Batch per device 32 16' }).waitFor()
    const rows = await differences.getByRole('row').allInnerTexts()
    expect(rows.map((text) => text.split('\t')[0])).toEqual(['What', 'Batch per device', 'Seed'])
    const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts()
    expect(headings).toEqual(['Differences', 'Images/s'])
    await page.getByText(/^DDP: B is slower than A, 0\.\d\dx the throughput \(95 % /).waitFor()
    await look('compare')

    await page.getByRole('link', { name: 'Make B the base' }).click()
    await page.getByText(/^DDP: B is faster than A, 1\.\d\dx the throughput/).waitFor()
    expect(page.url()).toMatch(new RegExp(`#/compare/${after},${before}$`))
  })

  it('stand beside each other also where there are three, and one of them strange', async () => {
    await goTo(page, 'History')
    for (const runId of [elsewhere, after, before]) await page.getByRole('checkbox', { name: runId }).check()
    await page.getByRole('link', { name: 'Compare 3' }).click()
    await page.getByRole('list', { name: 'Runs that are compared' }).getByText('Not complete').waitFor()
    await page.getByRole('row', { name: /^Host workstation workstation <img/ }).waitFor()
    await look('compare-three')
    expect(await page.locator('main img, main b').count()).toBe(0)

    await page.setViewportSize({ width: 1024, height: 700 })
    for (const hash of [new URL(page.url()).hash, '#/history', `#/results/${after}`]) {
      await page.goto(new URL(`/${hash}`, page.url()).href)
      await page.waitForTimeout(400)
      await takePicture(page, `narrow-${hash.split('/')[1]}`)
      expect(
        await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
        hash,
      ).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1280, height: 720 })
  })

  it('are held against the baseline from their results', async () => {
    await page.goto(new URL(`/#/results/${after}`, page.url()).href)
    await page.getByText('All figures').waitFor()
    await page.getByRole('link', { name: 'Against the baseline' }).click()
    await page.getByRole('heading', { name: 'Differences' }).waitFor()
    expect(page.url()).toMatch(new RegExp(`#/compare/${before},${after}$`))
    await page.getByRole('link', { name: markup }).click()
    await page.getByText('All figures').waitFor()
    await look('results-named')
    expect(await page.getByRole('link', { name: 'Against the baseline' }).count()).toBe(0)
  })

  it('are found in the palette by their name, as is everything else', async () => {
    await page.goto(new URL('/#/', page.url()).href)
    await page.getByRole('heading', { name: 'Benchmark', exact: true }).waitFor()
    // Also from within a field.
    await page.getByLabel('Batch per device').press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    await palette.getByRole('option', { name: 'Run Quick' }).waitFor()
    await look('palette')

    await page.keyboard.type('loud bold')
    await palette.getByRole('option', { name: markup }).waitFor()
    await expect.poll(() => palette.getByRole('option').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.getByText('All figures').waitFor()
    expect(page.url()).toContain(before)
    expect(await palette.count()).toBe(0)

    await page.keyboard.press('Control+k')
    await page.keyboard.type('dark theme')
    await palette.getByRole('option', { name: 'Dark theme' }).waitFor()
    await expect.poll(() => palette.getByRole('option').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor()

    await page.keyboard.press('Control+k')
    await page.keyboard.type('no such thing')
    await palette.getByText('Nothing has all of these words').waitFor()
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'hidden' })
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Anything, by a part').waitFor()
    await page.keyboard.press('Escape')
  })

  it('start from the palette, and stop', async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('run notebook')
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    await palette.getByRole('option', { name: 'Run Notebook' }).waitFor()
    await palette.getByRole('combobox').fill('run quick')
    await palette.getByRole('option', { name: 'Run Quick' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    await palette.waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('stop')
    await palette.getByRole('option', { name: 'Stop the benchmark' }).waitFor()
    await page.keyboard.press('Enter')
    await answerStop(page)
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' })
    expect(watched.problems).toEqual([])
  })
})
