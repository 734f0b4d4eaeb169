import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { stageClock } from '../../../shared/explain/stage-clock.js'
import type { StepLanes } from '../../../shared/explain/step-lanes.js'
import { foldSeconds, StepPlayer } from './step-player.js'

const lanes: StepLanes = {
  lanes: [
    {
      device: 0,
      rank: 0,
      spans: [
        { phase: 'compute', fromMs: 0, toMs: 40 },
        { phase: 'all-reduce', fromMs: 40, toMs: 60 },
        { phase: 'update', fromMs: 60, toMs: 100 },
      ],
    },
  ],
  durationMs: 100,
  isShared: false,
  restMs: 0,
  restShare: 0,
  excessShare: 0,
  clocksDisagree: false,
}

/** 2, 1 and 2 seconds. */
const clock = stageClock(lanes, 50)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) =>
    setTimeout(() => callback(performance.now()), 16),
  )
  vi.stubGlobal('cancelAnimationFrame', (handle: ReturnType<typeof setTimeout>) => clearTimeout(handle))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the player of a step', () => {
  it('plays to the end, folds, and stops asking for frames', () => {
    const player = new StepPlayer(clock, true, false)
    player.play()
    vi.advanceTimersByTime(2_500)
    expect(player.moment.clockMs).toBeGreaterThan(40)
    expect(player.folded).toBe(0)
    vi.advanceTimersByTime(4_500)
    expect(player.folded).toBeGreaterThan(0)
    vi.advanceTimersByTime(foldSeconds * 1_000)
    expect(player.folded).toBe(1)
    expect(player.current.isPlaying).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('goes from phase to phase, forward and back, and stands still', () => {
    const player = new StepPlayer(clock, false, false)
    const at = () => Math.round(player.current.seconds)
    const places = [1, 1, 1, -1, -1, -1].map((direction) => {
      player.stepPhase(direction as 1 | -1)
      return at()
    })
    expect(places).toEqual([2, 3, 5, 3, 2, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('begins again once it has ended', () => {
    const player = new StepPlayer(clock, false, false)
    player.seek(99)
    expect(player.hasEnded).toBe(true)
    player.play()
    expect(player.current.seconds).toBe(0)
    player.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('shows stills to who prefers little motion: one a phase', () => {
    const player = new StepPlayer(clock, false, true)
    const shown: number[] = []
    player.subscribe(() => shown.push(Math.round(player.current.seconds)))
    player.play()
    vi.advanceTimersByTime(60_000)
    expect([...new Set(shown)]).toEqual([0, 2, 3, 5])
    expect(player.current.isPlaying).toBe(false)
  })
})
