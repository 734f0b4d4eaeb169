import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
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
      const frames = (await page.evaluate(collectFrames(28_000))) as number[]
      await debug.send('HeapProfiler.collectGarbage')
      const heapBytes = (await page.evaluate('performance.memory.usedJSHeapSize')) as number
      frames.sort((a, b) => a - b)
      const at = (share: number): string => (frames[Math.floor(share * frames.length)] ?? 0).toFixed(1)
      const heap = (heapBytes / 1e6).toFixed(1)
      console.log(`${half / 2} min: frames p50 ${at(0.5)} ms, p95 ${at(0.95)} ms; heap ${heap} MB`)
    }
  } finally {
    await browser.close()
    host.kill()
  }
}

/** A program for the page: milliseconds between animation frames, for so long. */
function collectFrames(durationMs: number): string {
  return `new Promise((resolve) => {
    const frames = []
    let before = null
    const end = performance.now() + ${durationMs}
    const next = (now) => {
      if (before !== null) frames.push(now - before)
      before = now
      if (now < end) requestAnimationFrame(next)
      else resolve(frames)
    }
    requestAnimationFrame(next)
  })`
}
