import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../child/trainer-protocol.js'
import { findLateRank } from './late-rank.js'

/** Steps of 100 ms; `latenessMs` says how long after the first possible moment each rank arrives in a step. */
function repeatOf(steps: number, latenessMs: readonly ((step: number) => number | null)[]): StepRecord[][] {
  return latenessMs.map((late) =>
    Array.from({ length: steps }, (_, step) => {
      const lateMs = late(step)
      return {
        ...{ epoch: 0, step, loss: 2, images: 32, startedAtMs: 100 * step, stepMs: 100, dataWaitMs: 0 },
        ...{ computeMs: 60, communicationMs: 30, updateMs: 5 },
        arrivedAtMs: lateMs === null ? null : 100 * step + 60 + lateMs,
      }
    }),
  )
}

/** Differs from step to step by some milliseconds, the same in every test. */
const jitter = (step: number): number => ((step * 7919) % 13) - 6

describe('the rank that the others wait for', () => {
  it('is named with how late it is, and how late at least', () => {
    const late = findLateRank([repeatOf(24, [() => 0, (step) => 20 + jitter(step), () => 0])])

    expect(late).toMatchObject({ rank: 1, share: expect.closeTo(0.2, 1) })
    expect(late?.low).toBeGreaterThan(0.05)
    expect(late?.low).toBeLessThan(late?.share as number)
  })

  it('is nobody where ranks arrive together, or as one time and another as the other time', () => {
    expect(findLateRank([repeatOf(24, [() => 0, () => 0])])).toBeNull()
    expect(
      findLateRank([repeatOf(24, [(step) => 20 * (step % 2), (step) => 20 * ((step + 1) % 2)])]),
    ).toBeNull()
  })

  it('is nobody where it is late by less than cores of one processor differ by', () => {
    expect(findLateRank([repeatOf(40, [() => 0, () => 4])])).toBeNull()
    expect(findLateRank([repeatOf(40, [() => 0, () => 6])])).toMatchObject({ rank: 1 })
  })

  it('is not named for a hiccup, nor for the first step, which waits for data workers', () => {
    expect(findLateRank([repeatOf(24, [() => 0, (step) => (step === 9 ? 5_000 : 0)])])).toBeNull()
    expect(findLateRank([repeatOf(24, [() => 0, (step) => (step === 0 ? 5_000 : 0)])])).toBeNull()
  })

  it('is found in the repeats together, also where each has few steps', () => {
    const few = (): StepRecord[][] => repeatOf(7, [() => 25, () => 0])
    expect(findLateRank([few()])).toBeNull()
    expect(findLateRank([few(), few(), few()])).toMatchObject({ rank: 0 })
  })

  it('is unknown without arrivals, and without a second rank', () => {
    expect(findLateRank([])).toBeNull()
    expect(findLateRank([repeatOf(24, [() => null, () => null])])).toBeNull()
    expect(findLateRank([repeatOf(24, [() => 30])])).toBeNull()
  })

  it('is at most one, whatever arrives when', () => {
    const arrivals = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), {
      minLength: 30,
      maxLength: 30,
    })
    fc.assert(
      fc.property(arrivals, arrivals, (first, second) => {
        const ranks = repeatOf(30, [(step) => first[step] as number, (step) => second[step] as number])
        const late = findLateRank([ranks])
        const swapped = findLateRank([[...ranks].reverse()])
        expect(swapped === null ? null : 1 - swapped.rank).toBe(late?.rank ?? null)
      }),
    )
  })

  it('is nobody where clocks of machines can be off by as much as it is late', () => {
    const repeats = [repeatOf(24, [() => 0, (step) => 20 + jitter(step), () => 0])]
    expect(findLateRank(repeats, 10)).toMatchObject({ rank: 1 })
    expect(findLateRank(repeats, 20)).toBeNull()
  })
})
