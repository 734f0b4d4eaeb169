import { describe, expect, it } from 'vitest'
import { MachineClockKeeper } from './machine-clock-keeper.js'

const nowMs = 1_790_000_000_000

/** A machine 2.5 s ahead, asked over a network that takes 0.2 ms each way. */
function keeperOf(exchanges: number): MachineClockKeeper {
  const keeper = new MachineClockKeeper(() => nowMs)
  for (let index = 0; index < exchanges; index += 1) {
    const askedAtMs = nowMs - 1_000 * (exchanges - index)
    keeper.hear({
      askedAtMs,
      receivedAtMs: askedAtMs + 2_500.2,
      answeredAtMs: askedAtMs + 2_500.3,
      heardAtMs: askedAtMs + 0.5,
    })
  }
  return keeper
}

const step = { epoch: 0, step: 3, startedAtMs: nowMs + 2_500, stepMs: 90, arrivedAtMs: nowMs + 2_560 }

describe('times of another machine', () => {
  it('are put right by its clock, and nothing else of a message changes', () => {
    const message = { type: 'steps', steps: [step, { ...step, arrivedAtMs: null }] }
    expect(keeperOf(20).putRight(message)).toEqual({
      type: 'steps',
      steps: [
        { ...step, startedAtMs: expect.closeTo(nowMs, 0), arrivedAtMs: expect.closeTo(nowMs + 60, 0) },
        { ...step, startedAtMs: expect.closeTo(nowMs, 0), arrivedAtMs: null },
      ],
    })
  })

  it('stay as they came before anything is known of its clock, and in what is no message of steps', () => {
    const message = { type: 'steps', steps: [step] }
    expect(keeperOf(0).putRight(message)).toBe(message)
    for (const other of [
      { type: 'done', peakMemoryBytes: 1 },
      null,
      'steps',
      { type: 'steps', steps: [{}] },
    ]) {
      expect(keeperOf(3).putRight(other)).toBe(other)
    }
  })

  it('come with how far they can be off at the worst moment', () => {
    const keeper = keeperOf(20)
    keeper.putRight({ type: 'steps', steps: [{ ...step, startedAtMs: step.startedAtMs + 60_000 }] })
    const worst = keeper.takeFacts(1)
    expect(worst).toMatchObject({
      machine: 1,
      offsetMs: expect.closeTo(2_500, 0),
      driftPpm: expect.closeTo(0, -1),
    })
    expect(worst?.uncertaintyMs).toBeGreaterThan(keeper.takeFacts(1)?.uncertaintyMs ?? Number.NaN)
    expect(keeperOf(0).takeFacts(1)).toBeNull()
  })
})
