import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planBlocks } from './block-plan.js'

const ids = () => fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 })
const repeats = () => fc.integer({ min: 0, max: 20 })
const seed = () => fc.integer({ min: 0, max: 2 ** 32 - 1 })

describe('the plan of blocks', () => {
  it('has every measurement once in each block', () => {
    fc.assert(
      fc.property(ids(), repeats(), seed(), (all, count, key) => {
        const blocks = planBlocks(all, count, key)
        expect(blocks).toHaveLength(count)
        for (const block of blocks) expect([...block].sort()).toEqual([...all].sort())
      }),
    )
  })

  it('is the same for the same seed, and a longer one goes on where a shorter one ended', () => {
    fc.assert(
      fc.property(ids(), repeats(), repeats(), seed(), (all, one, other, key) => {
        const [shorter, longer] = [Math.min(one, other), Math.max(one, other)]
        expect(planBlocks(all, longer, key).slice(0, shorter)).toEqual(planBlocks(all, shorter, key))
      }),
    )
  })

  it('gives every measurement every place equally often', () => {
    const all = ['single', 'single-all-cores', 'dp', 'ddp']
    const blocks = planBlocks(all, 4_000, 3)
    for (const id of all) {
      for (const place of all.keys()) {
        const count = blocks.filter((block) => block[place] === id).length
        // Expected 1,000, standard deviation 27.
        expect(Math.abs(count - 1_000)).toBeLessThan(4 * 27)
      }
    }
  })

  it('differs between seeds', () => {
    const plans = Array.from({ length: 10 }, (_, key) => JSON.stringify(planBlocks(['a', 'b', 'c'], 5, key)))
    expect(new Set(plans).size).toBe(10)
  })
})
