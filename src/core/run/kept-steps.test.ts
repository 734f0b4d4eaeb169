import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../shared/child/trainer-protocol.js'
import { KeptSteps } from './kept-steps.js'

function steps(from: number, to: number): StepRecord[] {
  const parts = { dataWaitMs: 0, computeMs: 1, communicationMs: 0, updateMs: 0 }
  return Array.from({ length: to - from }, (_, index) => ({
    ...{ epoch: 0, step: from + index, images: 1, startedAtMs: 0, stepMs: 1, arrivedAtMs: null, ...parts },
  }))
}

const numbersOf = (kept: KeptSteps): number[][] => kept.ranks.map((one) => one.steps.map(({ step }) => step))

describe('the steps that results keep', () => {
  it('are all of them while they are few', () => {
    const kept = new KeptSteps(2, 10)
    kept.add(0, steps(0, 5))
    kept.add(1, steps(0, 5))
    expect(numbersOf(kept)).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ])
    expect(kept.keptEvery).toBe(1)
  })

  it('are every second one, of all ranks, once they are too many', () => {
    const kept = new KeptSteps(2, 10)
    for (let step = 0; step < 8; step++) for (const rank of [0, 1]) kept.add(rank, steps(step, step + 1))
    expect(numbersOf(kept)).toEqual([
      [0, 2, 4, 6],
      [0, 2, 4, 6],
    ])
    expect(kept.keptEvery).toBe(2)
  })

  it('are never more than that, the first ones among them, and of all ranks the same, however they come', () => {
    const batches = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 30 })), { maxLength: 60 })
    fc.assert(
      fc.property(batches, fc.integer({ min: 8, max: 40 }), (said, most) => {
        const kept = new KeptSteps(4, most)
        const made = [0, 0, 0, 0]
        for (const [rank, count] of said) {
          kept.add(rank, steps(made[rank] as number, (made[rank] as number) + count))
          made[rank] = (made[rank] as number) + count
        }
        const numbers = numbersOf(kept)
        expect(numbers.flat().length).toBeLessThanOrEqual(most)
        numbers.forEach((own, rank) => {
          const all = Array.from({ length: made[rank] as number }, (_, step) => step)
          expect(own).toEqual(all.filter((step) => step % kept.keptEvery === 0))
        })
      }),
    )
  })
})
