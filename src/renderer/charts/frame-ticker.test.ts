import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FrameTicker } from './frame-ticker.js'

let frames: FrameRequestCallback[] = []

/** The browser draws at this moment. */
function frameAt(nowMs: number): void {
  for (const callback of frames.splice(0)) callback(nowMs)
}

describe('a ticker', () => {
  beforeEach(() => {
    frames = []
    vi.useFakeTimers()
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback))
    vi.stubGlobal('cancelAnimationFrame', () => {
      frames = []
    })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('tells what passed between two frames, and asks for none once it is stopped', () => {
    const onTick = vi.fn()
    const ticker = new FrameTicker(onTick, null)
    ticker.start()
    for (const nowMs of [1_000, 1_016, 1_048]) frameAt(nowMs)
    expect(onTick.mock.calls).toEqual([[16], [32]])
    ticker.stop()
    expect(frames).toEqual([])
  })

  it('does not count the time that a page was hidden', () => {
    const onTick = vi.fn()
    const ticker = new FrameTicker(onTick, null)
    ticker.start()
    for (const nowMs of [0, 16, 60_000]) frameAt(nowMs)
    expect(onTick.mock.calls).toEqual([[16], [250]])
    ticker.stop()
  })

  it('can be stopped by what it tells', () => {
    const ticker: FrameTicker = new FrameTicker(() => ticker.stop(), null)
    ticker.start()
    for (const nowMs of [0, 16]) frameAt(nowMs)
    expect(frames).toEqual([])
  })

  it('ticks seldom in stills, and not after a stop between two of them', () => {
    const onTick = vi.fn()
    const ticker = new FrameTicker(onTick, 2_500)
    ticker.start()
    vi.advanceTimersByTime(5_000)
    expect(onTick.mock.calls).toEqual([[2_500], [2_500]])
    ticker.stop()
    vi.advanceTimersByTime(10_000)
    expect(onTick).toHaveBeenCalledTimes(2)
    expect(frames).toEqual([])
  })
})
