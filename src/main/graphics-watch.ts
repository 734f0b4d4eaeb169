import type { Details } from 'electron'
import type { GraphicsMode } from './graphics.js'

/**
 * Chromium starts its GPU process anew three times in each of its own ways to draw, and ends the app after the last:
 * "GPU process isn't usable. Goodbye." One failure may be an accident; two so close together are not.
 */
const failureLimit = 2
const withinMs = 60_000

/**
 * Tells, at each end of a child process of Chromium's, whether graphics fail, and what is to be tried instead; null
 * where there is nothing to do. Told at most once.
 */
export function createGraphicsWatch(
  mode: GraphicsMode,
  nowMs = (): number => performance.now(),
): (details: Pick<Details, 'type' | 'reason'>) => Exclude<GraphicsMode, 'hardware'> | null {
  let failures: number[] = []
  let told = false
  return ({ type, reason }) => {
    // Somebody else's SIGKILL says nothing of the driver.
    if (type !== 'GPU' || reason === 'clean-exit' || reason === 'killed' || told) return null
    const now = nowMs()
    failures = [...failures.filter((at) => now - at < withinMs), now]
    if (failures.length < failureLimit) return null
    told = true
    return mode === 'hardware' ? 'software' : 'in-process'
  }
}
