import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { CDPSession, Page } from 'playwright-core'
import { formatPercent } from '../../src/shared/text/format.js'
import { openAnyBrowser, startDashboard } from './page.js'

/** Of a trace: long enough for some hundred frames. */
const windowMs = 6_000

/** What may be lost before people see it stutter. */
const mostDroppedShare = 0.03

interface FrameCount {
  shown: number
  dropped: number
}

/**
 * Explain and Race as they play, at 1920x1080 in a Chromium without a GPU: of the frames that its compositor wanted to
 * show, how many it dropped, by a trace of its own. 2, 8 and 16 devices are steps of the model, with 512 tiles; 16 are
 * drawn in groups. Also how many frames come while the page is hidden, where nothing may run. Ends with 1 where more than
 * 3 % are dropped, or something runs hidden.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { times: { type: 'string', default: '3' } } })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  const dashboard = await startDashboard(folder, '--no-run')
  const browser = await openAnyBrowser()
  try {
    const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage()
    await page.goto(dashboard.url)
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    const session = await page.context().newCDPSession(page)
    for (const { name, open } of scenes) {
      const counts: FrameCount[] = []
      for (let time = 0; time < Number(values.times); time++) {
        await open(page)
        await page.keyboard.press('Space')
        await setTimeout(500)
        counts.push(await traceFrames(session))
      }
      report(name, counts)
    }
    await reportHidden(page)
  } finally {
    await browser.close()
    await dashboard.stop()
    await rm(folder, { recursive: true })
  }
}

const example = '20261125-110450-8ae568'

/** By another screen, so that what played before has ended. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(`location.hash = '#/history'`)
  await page.getByRole('heading', { name: 'History' }).waitFor()
  await page.evaluate(`location.hash = '#${path}'`)
}

const scenes: readonly { name: string; open(page: Page): Promise<void> }[] = [
  {
    name: 'Explain, DDP as recorded on 2 devices, 128 pictures',
    async open(page) {
      await goTo(page, `/explain/${example}`)
      await page.getByRole('heading', { name: 'One step of DDP' }).waitFor()
      // The pictures come a moment after the step.
      await setTimeout(1_500)
    },
  },
  ...[2, 8, 16].map((devices) => ({
    name: `Explain, what if, ${devices} devices, 512 tiles`,
    open: (page: Page) => openModel(page, devices),
  })),
  {
    name: 'Race, 3 lanes',
    async open(page) {
      await goTo(page, `/present/${example}`)
      await page.getByRole('navigation', { name: 'Scenes' }).waitFor()
      await page.keyboard.press('2')
      await page.getByRole('heading', { name: 'Who trains an epoch first?' }).waitFor()
      await setTimeout(1_500)
    },
  },
]

async function openModel(page: Page, devices: number): Promise<void> {
  await goTo(page, `/explain/${example}`)
  await page.getByText('What if', { exact: true }).click()
  const slider = page.getByRole('slider', { name: /^Devices/ })
  await slider.focus()
  await page.keyboard.press('Home')
  for (let at = 2; at < devices; at++) await page.keyboard.press('ArrowRight')
  const images = page.getByRole('slider', { name: /^Images a device/ })
  await images.focus()
  await page.keyboard.press('End')
  await images.evaluate('(element) => element.blur()')
  await setTimeout(500)
}

/** What the compositor says of each frame that something on the page wanted. */
async function traceFrames(session: CDPSession): Promise<FrameCount> {
  const count: FrameCount = { shown: 0, dropped: 0 }
  const collect = ({ value }: { value: object[] }): void => {
    for (const event of value) {
      const state = frameState(event)
      if (state === null) continue
      if (state.startsWith('STATE_PRESENTED')) count.shown++
      else if (state === 'STATE_DROPPED') count.dropped++
    }
  }
  session.on('Tracing.dataCollected', collect)
  const ended = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.start', { categories: 'cc,benchmark', transferMode: 'ReportEvents' })
  await setTimeout(windowMs)
  await session.send('Tracing.end')
  await ended
  session.off('Tracing.dataCollected', collect)
  return count
}

/** As Chromium names them, before and after it renamed them. */
interface FrameReporter {
  state?: string
  has_main_animation?: boolean
  frame_type?: string
}

/** How a frame ended that the page's animation asked for; null for other events. */
function frameState(event: object): string | null {
  const { name, args } = event as {
    name?: string
    args?: { frame_reporter?: FrameReporter; chrome_frame_reporter?: FrameReporter }
  }
  const reporter = args?.frame_reporter ?? args?.chrome_frame_reporter
  if (name !== 'PipelineReporter' || reporter?.has_main_animation !== true) return null
  // What the compositor shows while it waits for the page is the same frame a second time.
  return reporter.frame_type === 'FORKED' ? null : (reporter.state ?? null)
}

function report(name: string, counts: readonly FrameCount[]): void {
  const shares = counts.map(({ shown, dropped }) => dropped / Math.max(1, shown + dropped))
  const frames = counts.map(({ shown, dropped }) => shown + dropped)
  const worst = Math.max(...shares)
  console.log(
    `${name}: ${shares.map((share) => formatPercent(share)).join(', ')} dropped of ${frames.join(', ')} frames`,
  )
  if (worst > mostDroppedShare || Math.min(...frames) < 30) process.exitCode = 1
}

/** Callbacks of frames and of timers, while a step plays in a page that nobody sees. */
async function reportHidden(page: Page): Promise<void> {
  await goTo(page, `/explain/${example}`)
  await page.getByRole('heading', { name: 'One step of DDP' }).waitFor()
  await page.keyboard.press('Space')
  const context = page.context()
  const counter = `new Promise((resolve) => {
    const canvas = CanvasRenderingContext2D.prototype
    const { clearRect } = canvas
    let drawn = 0
    canvas.clearRect = function (...box) { drawn++; return clearRect.apply(this, box) }
    setTimeout(() => { canvas.clearRect = clearRect; resolve(drawn) }, 3000)
  })`
  const seen = (await page.evaluate(counter)) as number
  const other = await context.newPage()
  await other.bringToFront()
  const session = await context.newCDPSession(page)
  // Headless pages count as seen, whatever is in front of them, until the browser is told otherwise.
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false })
  await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'))`)
  const hidden = (await page.evaluate(counter)) as number
  console.log(`Drawings in 3 s: ${seen} seen, ${hidden} hidden`)
  if (seen === 0 || hidden > 0) process.exitCode = 1
  await other.close()
}
