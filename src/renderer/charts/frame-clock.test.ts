import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FrameClock } from './frame-clock.js'

/** What drawing has taken so far, on top of the time that the test lets pass. */
let spentMs: number

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw))
  spentMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now() + spentMs)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** How often a view is drawn that changes every 20 ms for ten seconds, each drawing taking so long. */
function drawingsInTenSeconds(clock: FrameClock, drawingMs: number): number {
  let drawings = 0
  const end = clock.subscribe(() => {
    drawings++
    spentMs += drawingMs
  })
  for (let passedMs = 0; passedMs < 10_000; passedMs += 20) {
    clock.request()
    vi.advanceTimersByTime(20)
  }
  end()
  return drawings
}

describe('the clock of frames', () => {
  it('draws at once what changes after a rest', () => {
    const clock = new FrameClock()
    const draw = vi.fn()
    clock.subscribe(draw)
    clock.request()
    vi.advanceTimersByTime(1)

    expect(draw).toHaveBeenCalledOnce()
  })

  it('draws ten times a second at most', () => {
    const drawings = drawingsInTenSeconds(new FrameClock(), 0)

    expect(drawings).toBeGreaterThan(75)
    expect(drawings).toBeLessThanOrEqual(100)
  })

  it('takes a twenty-fifth of the time for drawing', () => {
    const drawings = drawingsInTenSeconds(new FrameClock(), 20)

    expect(drawings).toBeGreaterThan(15)
    expect(drawings).toBeLessThan(23)
  })

  it('takes a hundredth beside cores that train', () => {
    const drawings = drawingsInTenSeconds(new FrameClock({ besideTrainingCores: true }), 5)

    expect(drawings).toBeGreaterThan(15)
    expect(drawings).toBeLessThan(23)
  })

  it('draws once a second at least, however long that takes', () => {
    const drawings = drawingsInTenSeconds(new FrameClock({ besideTrainingCores: true }), 200)

    expect(drawings).toBeGreaterThan(8)
  })

  it('does nothing for what nobody watches', () => {
    new FrameClock().request()

    expect(vi.getTimerCount()).toBe(0)
  })
})
