import type { CDPSession, Page } from 'playwright-core'

/** Between animation frames of the page, for so long. */
export async function framesOf(page: Page, durationMs: number): Promise<{ p50Ms: number; p95Ms: number }> {
  const frames = (await page.evaluate(`new Promise((resolve) => {
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
  })`)) as number[]
  frames.sort((a, b) => a - b)
  const at = (share: number): number => frames[Math.floor(share * frames.length)] ?? Number.NaN
  return { p50Ms: at(0.5), p95Ms: at(0.95) }
}

/** JavaScript's heap after a collection. */
export async function heapBytesOf(debug: CDPSession): Promise<number> {
  await debug.send('HeapProfiler.collectGarbage')
  const { usedSize } = (await debug.send('Runtime.getHeapUsage')) as { usedSize: number }
  return usedSize
}
