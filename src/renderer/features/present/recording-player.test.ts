import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RecordedEvent } from '../../../shared/live/live-event.js'
import { groupSteps, plannedMeasurement, runStarted } from '../../../shared/live/live-run.fixture.js'
import type { CallHost } from '../../state/dashboard.js'
import { RecordingPlayer } from './recording-player.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

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

async function open(): Promise<RecordingPlayer> {
  const player = await RecordingPlayer.open(call, 'x')
  if (player === null) throw new Error('nothing to play')
  return player
}

const stepsShown = (player: RecordingPlayer) => player.view.run.steps('single')?.group.length ?? 0

describe('a recording', () => {
  it('begins with nothing but the plan, and knows its length', async () => {
    const player = await open()

    expect(player.current).toEqual({ isPlaying: false, speed: 5, positionMs: 0, durationMs: 12_000 })
    expect(stepsShown(player)).toBe(0)
  })

  it('plays at its pace, or a multiple of it, to its end', async () => {
    const player = await open()
    player.setSpeed(1)
    player.play()
    vi.advanceTimersByTime(4_100)
    expect(stepsShown(player)).toBe(3)

    player.setSpeed(20)
    vi.advanceTimersByTime(1_000)
    expect(stepsShown(player)).toBe(10)
    expect(player.current).toMatchObject({ isPlaying: false, positionMs: 12_000 })
    expect(player.view.run.head.status).toBe('complete')
  })

  it('pauses, and goes on step by step', async () => {
    const player = await open()
    player.step()
    player.step()
    expect(stepsShown(player)).toBe(2)
    expect(player.current).toMatchObject({ isPlaying: false, positionMs: 3_000 })
    vi.advanceTimersByTime(10_000)
    expect(stepsShown(player)).toBe(2)
  })

  it('goes to any moment, back as well', async () => {
    const player = await open()
    player.seek(9_500)
    expect(stepsShown(player)).toBe(8)
    player.seek(3_500)
    expect(stepsShown(player)).toBe(2)
    expect(player.view.run.head.status).toBe('incomplete')
  })

  it('plays again from the beginning once it has ended', async () => {
    const player = await open()
    player.seek(12_000)
    player.play()
    expect(player.current.positionMs).toBe(0)
    player.close()
  })

  it('is nothing where it does not begin with a run', async () => {
    const empty = (async () => ({ events: [], next: null })) as unknown as CallHost

    expect(await RecordingPlayer.open(empty, 'x')).toBeNull()
  })
})
