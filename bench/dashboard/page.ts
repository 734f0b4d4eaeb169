import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { findBrowser } from '../../src/core/browser/find-browser.js'
import { launchBrowser } from '../../src/core/browser/launch-browser.js'
import { notebookPreset } from '../../src/shared/run/presets.js'
import type { RunConfiguration } from '../../src/shared/run/run-configuration.js'

/** The clone; `bench/dashboard.mjs` says where it is, since this runs from a folder of its own. */
export const root = process.env.TANDEM_BENCH_ROOT ?? process.cwd()

export async function openAnyBrowser(): Promise<Browser> {
  const found = await findBrowser({
    environment: process.env,
    npmFolder: join(root, 'scripts', 'chromium'),
  })
  if (found === null) throw new Error('there is no Chromium: `npm test` fetches one, or set CHROME_PATH')
  return await launchBrowser(found.path)
}

export interface Dashboard {
  url: string
  /** Milliseconds from the start of its process until it printed its address. */
  listeningMs: number
  stop(): Promise<void>
}

/** The built web host, with a history of its own. */
export async function startDashboard(dataFolder: string, ...parameters: string[]): Promise<Dashboard> {
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [join(root, 'out', 'main', 'tandem.js'), 'serve', '--no-open', '--port', '0', ...parameters],
    { env: { ...process.env, TANDEM_DATA_DIR: dataFolder }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const url = await untilUrl(child)
  return {
    url,
    listeningMs: performance.now() - startedAt,
    stop: () => stopHost(child),
  }
}

/** Resolves when it has ended; at once where it has already. */
export async function stopHost(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return
  const end = new Promise((resolve) => host.once('exit', resolve))
  host.kill('SIGINT')
  await end
}

/** The address that a host prints once it listens. */
export function untilUrl(host: ChildProcess): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    host.once('exit', () => reject(new Error(`the host ended: ${text}`)))
    host.stdout?.on('data', (chunk) => {
      text += String(chunk)
      const printed = /Dashboard: (\S+)/.exec(text)?.[1]
      if (printed !== undefined) resolve(printed)
    })
  })
}

/** DDP on all cores, where the page has no core of its own; long enough to settle. */
export const trainingConfiguration: RunConfiguration = {
  ...notebookPreset,
  preset: 'custom',
  strategies: ['ddp'],
  dataset: 'sample',
  perGpuBatchSize: 128,
  learningRate: 0.01,
  maxStepsPerEpoch: 7,
  epochs: 16,
  numWorkers: 1,
  devices: 'cpu',
}

/** A page whose form holds these settings: it keeps all of them in its session's store. */
export async function openWithSettings(
  browser: Browser,
  { url }: Dashboard,
  configuration: RunConfiguration,
): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage()
  const settings = JSON.stringify(JSON.stringify(configuration))
  // A blank page has no such store.
  await page.addInitScript(
    `if (location.protocol.startsWith('http')) sessionStorage.setItem('tandem-settings', ${settings})`,
  )
  await page.goto(url)
  return page
}
