import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { CDPSession } from 'playwright-core'
import { RunHistory } from '../../src/core/history/run-history.js'
import { monotonicNowMs } from '../../src/shared/clock.js'
import type { GroupStep } from '../../src/shared/live/group-step.js'
import { mean } from '../../src/shared/statistics/means.js'
import type { PairedTimes } from '../../src/shared/statistics/speedup-estimate.js'
import { formatPercent } from '../../src/shared/text/format.js'
import { openAnyBrowser, openWithSettings, startDashboard, trainingConfiguration } from './page.js'
import { watchedRatioText } from './watched-ratio.js'

/** Long enough for a dozen steps and several drawings, short enough that the machine stays as it is. */
const windowMs = 4_000
/** For what the page has to catch up on when it goes on, which is not what is measured. */
const settlingMs = 1_000

/** Memory is taken and caches fill; the page opens. */
const firstStepsMs = 15_000

interface Window {
  fromMs: number
  toMs: number
}

interface WatchedWindow extends Window {
  /** Processor time of all processes of the browser in it. */
  browserSeconds: number
}

interface Pair {
  open: WatchedWindow
  closed: Window
}

/**
 * One DDP run on all cores, watched and unwatched in turn: its steps while a page on the same machine shows it live
 * against those while all processes of the browser are stopped. Neighbouring windows are a pair. Prints the ratio of
 * images/s with its interval and, since that is wide where the machine is not quiet, what the browser takes of a core:
 * as ranks wait for each other, no step can get longer by more than that. Not for Windows, where no process can be
 * stopped.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { pairs: { type: 'string', default: '60' } } })
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
  try {
    const pairs = await watchInTurn(folder, Number(values.pairs))
    const steps = await stepsIn(folder)
    reportShare(pairs.map(({ open }) => open))
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

async function watchInTurn(folder: string, count: number): Promise<Pair[]> {
  const dashboard = await startDashboard(folder, '--no-run')
  const browser = await openAnyBrowser()
  const pairs: Pair[] = []
  try {
    const page = await openWithSettings(browser, dashboard, { ...trainingConfiguration, epochs: 5_000 })
    await page.locator('button:enabled', { hasText: 'Run benchmark' }).click()
    await page.getByRole('region', { name: /^Loss/ }).getByRole('list').getByText(/\d/).first().waitFor()
    await setTimeout(firstStepsMs)
    const session = await browser.newBrowserCDPSession()
    const pids = (await processesOf(session)).map(({ id }) => id)
    const signalAll = (signal: 'SIGCONT' | 'SIGSTOP') => pids.map((pid) => process.kill(pid, signal))
    const openWindow = async (): Promise<WatchedWindow> => {
      signalAll('SIGCONT')
      await setTimeout(settlingMs)
      const before = await cpuSecondsOf(session)
      const window = await windowFromNow()
      return { ...window, browserSeconds: (await cpuSecondsOf(session)) - before }
    }
    const closedWindow = async (): Promise<Window> => {
      signalAll('SIGSTOP')
      await setTimeout(settlingMs)
      return await windowFromNow()
    }
    try {
      // ABBA: what drifts is on both sides alike.
      for (let pair = 0; pair < count; pair++) {
        if (pair % 2 === 0) pairs.push({ open: await openWindow(), closed: await closedWindow() })
        else pairs.push({ closed: await closedWindow(), open: await openWindow() })
      }
    } finally {
      signalAll('SIGCONT')
    }
  } finally {
    await browser.close()
    await dashboard.stop()
  }
  return pairs
}

async function windowFromNow(): Promise<Window> {
  const fromMs = monotonicNowMs()
  await setTimeout(windowMs)
  return { fromMs, toMs: monotonicNowMs() }
}

/** All of the browser's: the one that was started, and those for pages, graphics and the network. */
async function processesOf(session: CDPSession) {
  return (await session.send('SystemInfo.getProcessInfo')).processInfo
}

async function cpuSecondsOf(session: CDPSession): Promise<number> {
  return (await processesOf(session)).reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

function reportShare(watched: readonly WatchedWindow[]): void {
  const share = mean(
    watched.map(({ fromMs, toMs, browserSeconds }) => (1000 * browserSeconds) / (toMs - fromMs)),
  )
  console.log(`the browser that watches takes ${formatPercent(share)} of a core`)
}

function report(blocks: readonly PairedTimes[]): void {
  for (const { base, strategy } of blocks) {
    console.log(
      `unwatched ${base.toFixed(1)} ms a step, watched ${strategy.toFixed(1)}: ${(base / strategy).toFixed(3)}`,
    )
  }
  console.log(watchedRatioText(blocks))
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
