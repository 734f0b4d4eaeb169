import { mkdirSync, mkdtempSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseResults } from '../src/core/results/results-file.js'
import { seriousViolations } from './accessibility.js'
import { describeInBrowser, openBrowser, openPage, takePicture, type WatchedPage } from './browser.js'
import { type DashboardHost, startDashboard } from './dashboard-host.js'
import { startTandem } from './tandem-process.js'

/* From Results to files that somebody else can open. */

const shortRun = [
  ...['run', '--dataset', 'sample', '--strategies', 'single,ddp', '--devices', 'cpu:2', '--num-workers', '0'],
  ...[
    '--batch-size-single',
    '16',
    '--per-gpu-batch-size',
    '8',
    '--max-steps-per-epoch',
    '5',
    '--lr',
    '0.005',
  ],
]

describeInBrowser('export', () => {
  let browser: Browser
  let host: DashboardHost
  let watched: WatchedPage
  let page: Page
  let runId: string

  beforeAll(async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'tandem-export-'))
    const results = join(dataFolder, 'results.json')
    const tandem = startTandem([...shortRun, '--output-file', results], { TANDEM_DATA_DIR: dataFolder })
    expect(await tandem.ended(), tandem.output()).toBe(0)
    runId = JSON.parse(await readFile(results, 'utf8')).runId
    browser = await openBrowser()
    host = await startDashboard(['--no-run'], dataFolder)
    watched = await openPage(browser, await host.freshUrl(), { acceptDownloads: true })
    page = watched.page
    await page.goto(new URL(`/#/results/${runId}`, page.url()).href)
    await page.getByRole('link', { name: 'Export' }).click()
    await page.getByRole('region', { name: 'Preview of the report' }).waitFor()
  }, 300_000)
  afterAll(async () => {
    await browser.close()
    await host.remove()
  })

  /** What the browser saves when the button is pressed. */
  async function saved(button: string): Promise<{ fileName: string; bytes: Buffer }> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button, exact: true }).click(),
    ])
    return { fileName: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }

  it('shows the report as its file will look, in both themes', async () => {
    const preview = page.getByRole('region', { name: 'Preview of the report' })
    await preview.getByRole('heading', { name: 'How much faster?' }).waitFor()
    expect(await preview.getByRole('img', { name: 'Speedup over Single' }).isVisible()).toBe(true)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(300)
      await takePicture(page, `export-${colorScheme}`)
      expect(await seriousViolations(page), colorScheme).toEqual([])
    }
    for (const width of [1024, 1280]) {
      await page.setViewportSize({ width, height: 720 })
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    }
  })

  it('saves a PDF on the paper chosen, and says how it was printed', async () => {
    await page.getByText('Letter', { exact: true }).click()
    const { fileName, bytes } = await saved('PDF')
    expect(fileName).toBe(`tandem-${runId}.pdf`)
    const document = await getDocumentProxy(Uint8Array.from(bytes))
    expect((await document.getPage(1)).view.slice(2).map(Math.round)).toEqual([612, 792])
    expect((await extractText(document, { mergePages: true })).text).toContain('How to reproduce it')
    await page.getByRole('status').getByText(`${fileName} is saved.`).waitFor()
  })

  it('saves HTML that opens by itself, without the host', async () => {
    const { bytes } = await saved('HTML')
    const path = join(host.dataFolder, 'report.html')
    await writeFile(path, bytes)
    const alone = await openPage(browser, `file://${path}`, { offline: true })
    await alone.page.getByRole('heading', { name: 'How much faster?' }).waitFor()
    await takePicture(alone.page, 'report-html')
    expect(await alone.page.evaluate(`document.fonts.check('9pt Inter')`)).toBe(true)
    expect(alone.problems).toEqual([])
    expect(await seriousViolations(alone.page)).toEqual([])
    await alone.page.context().close()
  })

  it('saves results.json as tandem run writes it', async () => {
    const { fileName, bytes } = await saved('results.json')
    expect(fileName).toBe(`tandem-${runId}.json`)
    expect(parseResults(String(bytes), fileName).runId).toBe(runId)
  })

  it('leaves out names of machines, in the preview and in what is saved', async () => {
    const preview = page.getByRole('region', { name: 'Preview of the report' })
    const names = page.getByRole('switch', { name: 'Leave out names of machines' })
    await names.press('Space')
    await preview.getByText(/ on node 0 · /).waitFor()
    const { bytes } = await saved('results.json')
    expect(parseResults(String(bytes), 'saved').machine.hostName).toBe('node 0')
    await names.press('Space')
    await preview.getByText(` on ${hostname()} · `).waitFor()
  })

  it('saves one chart, as lines or as pixels', async () => {
    const svg = await saved('SVG')
    expect(svg.fileName).toBe(`tandem-${runId}-speedup-over-single.svg`)
    expect(String(svg.bytes)).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*@font-face/)

    const png = await saved('PNG')
    expect(png.fileName).toBe(`tandem-${runId}-speedup-over-single.png`)
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG')
    // Its width, in the first chunk: three pixels for each of the chart's own.
    expect(png.bytes.readUInt32BE(16)).toBe(3 * 672)
    mkdirSync('out/e2e', { recursive: true })
    await writeFile('out/e2e/export-chart.png', png.bytes)
  })

  it('breaks no policy on the way', () => expect(watched.problems).toEqual([]))
})
