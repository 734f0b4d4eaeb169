import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { RunHistory } from '../../src/core/history/run-history.js'
import { monotonicNowMs } from '../../src/shared/clock.js'
import type { GroupStep } from '../../src/shared/live/group-step.js'
import { mean } from '../../src/shared/statistics/means.js'
import { estimateSpeedup, type PairedTimes } from '../../src/shared/statistics/speedup-estimate.js'
import { openAnyBrowser, openWithSettings, startDashboard, trainingConfiguration } from './page.js'

/** Long enough for some thirty steps, short enough that the machine stays as it is. */
const windowMs = 8_000
/** For what opening and leaving a page costs, which is not what is measured. */
const settlingMs = 4_000

interface Window {
  fromMs: number
  toMs: number
}

/**
 * One DDP run on all cores, watched and unwatched in turn: its steps while a page on the same machine shows it live
 * against those while no page is open. Neighbouring windows are a pair. Prints the ratio of images/s, with its interval.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { pairs: { type: 'string', default: '20' } } })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  try {
    const pairs = await watchInTurn(folder, Number(values.pairs))
    const steps = await stepsIn(folder)
    report(
      pairs.map(({ open, closed }) => ({
        base: stepMsIn(closed, steps),
        strategy: stepMsIn(open, steps),
      })),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function watchInTurn(folder: string, count: number): Promise<{ open: Window; closed: Window }[]> {
  const dashboard = await startDashboard(folder, '--no-run')
  const browser = await openAnyBrowser()
  const pairs: { open: Window; closed: Window }[] = []
  try {
    const page = await openWithSettings(browser, dashboard, { ...trainingConfiguration, epochs: 5_000 })
    await page.locator('button:enabled', { hasText: 'Run benchmark' }).click()
    await page.getByRole('region', { name: /^Loss/ }).getByRole('list').getByText(/\d/).first().waitFor()
    const live = page.url()
    const windowOn = async (url: string): Promise<Window> => {
      await page.goto(url)
      await setTimeout(settlingMs)
      const fromMs = monotonicNowMs()
      await setTimeout(windowMs)
      return { fromMs, toMs: monotonicNowMs() }
    }
    for (let pair = 0; pair < count; pair++) {
      const openFirst = pair % 2 === 0
      const first = await windowOn(openFirst ? live : 'about:blank')
      const second = await windowOn(openFirst ? 'about:blank' : live)
      pairs.push(openFirst ? { open: first, closed: second } : { open: second, closed: first })
    }
  } finally {
    await browser.close()
    await dashboard.stop()
  }
  return pairs
}

function report(blocks: readonly PairedTimes[]): void {
  for (const { base, strategy } of blocks) {
    console.log(
      `unwatched ${base.toFixed(1)} ms a step, watched ${strategy.toFixed(1)}: ${(base / strategy).toFixed(3)}`,
    )
  }
  const estimate = estimateSpeedup(blocks)
  const [low, high] = [estimate?.low ?? Number.NaN, estimate?.high ?? Number.NaN]
  console.log(
    `images/s watched over unwatched: ${estimate?.speedup.toFixed(3)} (95 % ${low.toFixed(3)} to ${high.toFixed(3)}), ${blocks.length} pairs`,
  )
}

async function stepsIn(folder: string): Promise<GroupStep[]> {
  const history = new RunHistory(join(folder, 'runs'))
  const [run] = await history.list()
  const steps: GroupStep[] = []
  for await (const { event } of history.recorded(run?.runId ?? '')) {
    if (event.type === 'steps') steps.push(...event.steps)
  }
  return steps
}

function stepMsIn({ fromMs, toMs }: Window, steps: readonly GroupStep[]): number {
  const times = steps.filter((step) => step.endedAtMs - step.stepMs >= fromMs && step.endedAtMs <= toMs)
  return mean(times.map(({ stepMs }) => stepMs)) ?? Number.NaN
}
