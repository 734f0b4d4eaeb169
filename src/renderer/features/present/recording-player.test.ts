import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RecordedEvent } from '../../../shared/live/live-event.js'
import { groupSteps, plannedMeasurement, runStarted } from '../../../shared/live/live-run.fixture.js'
import type { CallHost } from '../../state/dashboard.js'
import { RecordingPlayer } from './recording-player.js'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) =>
    setTimeout(() => callback(performance.now()), 16),
  )
  vi.stubGlobal('cancelAnimationFrame', (handle: ReturnType<typeof setTimeout>) => clearTimeout(handle))
  vi.stubGlobal('document', { hidden: false })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Training begins after a second of loading; ten steps follow, one a second from the first on. */
const events: RecordedEvent[] = [
  { atMs: 0, event: runStarted([plannedMeasurement('single')]) },
  { atMs: 1_000, event: { type: 'phase', id: 'single', phase: 'training', stepsPerEpoch: 10 } },
  ...groupSteps(0, 10).map((step, index) => ({
    atMs: 2_000 + 1_000 * index,
    event: { type: 'steps' as const, id: 'single', steps: [step] },
  })),
  { atMs: 12_000, event: { type: 'run-finished', status: 'complete', finishedAtMs: 1_012_000 } },
]

/** Hands out a recording in parts of three. */
const call = (async (_command: string, { from }: { from: number }) => ({
  events: events.slice(from, from + 3),
  next: from + 3 < events.length ? from + 3 : null,
})) as unknown as CallHost

async function open(inStills = false): Promise<RecordingPlayer> {
  const player = await RecordingPlayer.open(call, 'x', inStills)
  if (player === null) throw new Error('nothing to play')
  return player
}

const stepsShown = (player: RecordingPlayer) => player.view.run.steps('single')?.group.length ?? 0

describe('a recording', () => {
  it('begins with the first step, not with what was loaded before it', async () => {
    const player = await open()

    expect(player.clock.current).toEqual({
      isPlaying: false,
      speed: 5,
      positionMs: 1_000,
      durationMs: 10_000,
    })
    expect(stepsShown(player)).toBe(1)
  })

  it('plays at its pace, or a multiple of it, to its end', async () => {
    const player = await open()
    player.clock.setSpeed(1)
    player.clock.play()
    vi.advanceTimersByTime(2_100)
    expect(stepsShown(player)).toBe(3)

    player.clock.setSpeed(20)
    vi.advanceTimersByTime(1_000)
    expect(stepsShown(player)).toBe(10)
    expect(player.clock.current).toMatchObject({ isPlaying: false, positionMs: 10_000 })
    expect(player.view.run.head.status).toBe('complete')
  })

  it('plays a hundred times slower than it was', async () => {
    const player = await open()
    player.clock.setSpeed(0.01)
    player.clock.play()
    vi.advanceTimersByTime(10_000)
    expect(player.clock.current.positionMs).toBeGreaterThan(1_090)
    expect(player.clock.current.positionMs).toBeLessThan(1_101)
    player.close()
  })

  it('pauses, and goes on step by step', async () => {
    const player = await open()
    player.step()
    player.step()
    expect(stepsShown(player)).toBe(3)
    expect(player.clock.current).toMatchObject({ isPlaying: false, positionMs: 3_000 })
    vi.advanceTimersByTime(10_000)
    expect(stepsShown(player)).toBe(3)
  })

  it('goes to any moment, back as well', async () => {
    const player = await open()
    player.seek(8_500)
    expect(stepsShown(player)).toBe(8)
    player.seek(2_500)
    expect(stepsShown(player)).toBe(2)
    expect(player.view.run.head.status).toBe('incomplete')
  })

  it('plays again from the beginning once it has ended', async () => {
    const player = await open()
    player.seek(10_000)
    player.clock.play()
    expect(player.clock.current.positionMs).toBe(0)
    player.close()
  })

  it('plays nothing of the time in which nobody saw it', async () => {
    const player = await open()
    player.clock.setSpeed(1)
    player.clock.play()
    vi.advanceTimersByTime(100)
    // Hidden, a page gets no frames; the next one comes after a minute.
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) =>
      setTimeout(() => callback(performance.now() + 60_000), 16),
    )
    const before = player.clock.current.positionMs
    vi.advanceTimersByTime(32)
    expect(player.clock.current.positionMs - before).toBeLessThan(300)
    player.close()
  })

  it('comes in stills for those who ask for little motion', async () => {
    const player = await open(true)
    player.clock.setSpeed(1)
    player.clock.play()
    vi.advanceTimersByTime(2_400)
    expect(player.clock.current.positionMs).toBe(1_000)
    vi.advanceTimersByTime(200)
    expect(player.clock.current.positionMs).toBe(3_500)
    player.close()
  })

  it('is nothing where it does not begin with a run', async () => {
    const empty = (async () => ({ events: [], next: null })) as unknown as CallHost

    expect(await RecordingPlayer.open(empty, 'x')).toBeNull()
  })
})
