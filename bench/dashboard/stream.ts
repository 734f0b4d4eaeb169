import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { framesOf, heapBytesOf } from './frames-of-page.js'
import { openAnyBrowser, root } from './page.js'

/**
 * The page under a stream larger than this machine could make (`stream-host.ts`). Prints the time between animation
 * frames and the JavaScript heap after a collection, every half minute. Bars: p95 at most 20 ms, a heap that stays flat.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { minutes: { type: 'string', default: '10' } } })
  const host = spawn(
    process.execPath,
    [fileURLToPath(new URL('./stream-host.mjs', import.meta.url)), join(root, 'out', 'renderer')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const browser = await openAnyBrowser()
  try {
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: host.stdout }).once('line', resolve),
    )
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage()
    await page.goto(JSON.parse(line).url)
    await page.getByText('Time per step').waitFor()
    const debug = await page.context().newCDPSession(page)
    for (let half = 1; half <= 2 * Number(values.minutes); half++) {
      const { p50Ms, p95Ms } = await framesOf(page, 28_000)
      const heapBytes = await heapBytesOf(debug)
      const heap = (heapBytes / 1e6).toFixed(1)
      console.log(
        `${half / 2} min: frames p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms; heap ${heap} MB`,
      )
    }
  } finally {
    await browser.close()
    host.kill()
  }
}
