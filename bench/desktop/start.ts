import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import getPort from 'get-port'
import { chromium } from 'playwright-core'
import { type DesktopLane, openLane } from '../../e2e/electron/desktop-app.js'
import { killGroup } from '../../e2e/electron/process-group.js'
import { launcherVariable, launchLines } from '../../src/shared/desktop/desktop-launch.js'
import { median } from '../../src/shared/statistics/quantiles.js'

/** Milliseconds after the program was started. */
interface Start {
  /** Something of the page is in the window. */
  painted: number
  /** The page has connected to its host, and so shows what there is. */
  connected: number
  /** The machine was looked at, and a run can be started. */
  complete: number
}

/**
 * From the double click to a window with everything in it, by the app's own start without anything in between. The first
 * time, which fills the caches, is told apart. Bar: 2 s.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { times: { type: 'string', default: '7' } } })
  const lane = await openLane()
  try {
    const folder = await lane.newFolder()
    const [first, ...again] = await inTurn(1 + Number(values.times), () => start(lane, folder))
    for (const stage of ['painted', 'connected', 'complete'] as const) {
      const later = again.map((times) => times[stage])
      const spread = `${Math.min(...later).toFixed(0)} - ${Math.max(...later).toFixed(0)}`
      console.log(
        `${stage}: median ${median(later)?.toFixed(0)} ms (${spread}; first ${first?.[stage].toFixed(0)})`,
      )
    }
  } finally {
    await lane.dispose()
  }
}

async function start(lane: DesktopLane, folder: string): Promise<Start> {
  const port = await getPort()
  const { program, args, environment } = lane.command({ folder })
  const startedAtMs = Date.now()
  const app = spawn(program, [...args, `--remote-debugging-port=${port}`], {
    env: { ...environment, [launcherVariable]: String(process.pid) },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  try {
    const connected = (await said(app, launchLines.ready)) - startedAtMs
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })
    const page = browser.contexts()[0]?.pages()[0]
    if (page === undefined) throw new Error('the app has no window')
    await page.locator('button:enabled', { hasText: 'Run benchmark' }).waitFor()
    const complete = Date.now() - startedAtMs
    const paintedAtMs = (await page.evaluate(
      `performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime`,
    )) as number
    const exited = once(app, 'exit')
    app.kill('SIGTERM')
    await exited
    return { painted: paintedAtMs - startedAtMs, connected, complete }
  } finally {
    killGroup(app.pid as number)
  }
}

/** When it was printed. */
async function said({ stdout }: ChildProcess, line: string): Promise<number> {
  let text = ''
  for await (const chunk of stdout ?? []) {
    text += String(chunk)
    if (text.includes(line)) return Date.now()
  }
  throw new Error(`the app ended before its page was there: ${text}`)
}

async function inTurn<Value>(times: number, work: () => Promise<Value>): Promise<Value[]> {
  const values: Value[] = []
  for (let time = 0; time < times; time++) values.push(await work())
  return values
}
