import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { findBrowser } from '../../src/core/browser/find-browser.js'
import { launchBrowser } from '../../src/core/browser/launch-browser.js'

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
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGINT')
      }),
  }
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

/** The middle one; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}
