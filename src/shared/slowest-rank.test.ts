import { describe, expect, it } from 'vitest'
import type { StepRecord } from './child/trainer-protocol.js'
import { slowestRank } from './slowest-rank.js'

/** A rank whose steps are work, then a wait for the others until all `wholeMs` are over. */
function rank(number: number, workMs: readonly number[], wholeMs = 60, arrivedAtMs: number | null = 1) {
  const steps = workMs.map(
    (ms, step): StepRecord => ({
      epoch: 0,
      step,
      loss: 2,
      images: 8,
      startedAtMs: 0,
      stepMs: wholeMs,
      dataWaitMs: 0,
      computeMs: ms,
      communicationMs: wholeMs - ms - 1,
      updateMs: 1,
      arrivedAtMs,
    }),
  )
  return { rank: number, steps }
}

describe('the slowest rank', () => {
  it('is the one that works longest, held against the others, though all steps are as long', () => {
    const ranks = [rank(0, [10, 10, 10]), rank(1, [50, 50, 50]), rank(2, [10, 10, 10])]
    expect(slowestRank(ranks)).toEqual({ rank: 1, timesOthers: 5 })
  })

  it('is not made slow by one long step', () => {
    expect(slowestRank([rank(0, [10, 10, 10]), rank(1, [10, 50, 10])])?.timesOthers).toBe(1)
  })

  it('is not known of one process, without steps, or where ranks cannot tell work from waiting', () => {
    expect(slowestRank([rank(0, [10])])).toBeNull()
    expect(slowestRank([rank(0, [10]), rank(1, [])])).toBeNull()
    expect(slowestRank([rank(0, [10], 60, null), rank(1, [50], 60, null)])).toBeNull()
  })
})
