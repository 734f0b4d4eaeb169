import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SpeedupEstimate } from './speedup-estimate.js'
import {
  decideStopping,
  describeStoppingDecision,
  describeStoppingRule,
  standardStoppingRule,
} from './stopping-rule.js'

/** A speedup of 1.7 with an interval of this relative half width. */
function estimate(relativeHalfWidth: number): SpeedupEstimate {
  const low = 1.7 / (1 + relativeHalfWidth)
  const high = 1.7 * (1 + relativeHalfWidth)
  return { speedup: 1.7, low, high, blocks: 3, pValue: 0, standardError: 0.01, degreesOfFreedom: 2 }
}

const oneBlock = {
  speedup: 1.7,
  low: null,
  high: null,
  blocks: 1,
  pValue: null,
  standardError: null,
  degreesOfFreedom: null,
}
const decide = (estimates: SpeedupEstimate[], blocksDone: number) =>
  decideStopping(estimates, blocksDone, standardStoppingRule)
const line = (estimates: SpeedupEstimate[], blocksDone: number) =>
  describeStoppingDecision(decide(estimates, blocksDone), blocksDone, standardStoppingRule)

describe('the stopping rule', () => {
  it('is one line', () => {
    expect(describeStoppingRule(standardStoppingRule)).toBe(
      'blocks are repeated until the 95 % interval of every speedup is within ±2 %: at least 3, at most 20',
    )
  })

  it.each([
    [[], 0, 'after 0 blocks: going on, the minimum is 3'],
    [[oneBlock], 1, 'after 1 block: going on, the minimum is 3'],
    [[estimate(0.001)], 2, 'after 2 blocks: going on, the minimum is 3'],
    [[estimate(0.045)], 3, 'after 3 blocks: going on, the widest interval is ±4.5 %'],
    [[estimate(0.01), estimate(0.03)], 8, 'after 8 blocks: going on, the widest interval is ±3 %'],
    [[estimate(0.01), oneBlock], 8, 'after 8 blocks: going on, not every strategy has an interval yet'],
    [[estimate(0.01), estimate(0.019)], 4, 'after 4 blocks: done, the widest interval is ±1.9 %'],
    [[estimate(0.03)], 20, 'after 20 blocks: done, that is the maximum; the widest interval is ±3 %'],
    [[], 4, 'after 4 blocks: done, no strategy is left to compare'],
  ])('for %j after %i blocks: %s', (estimates, blocksDone, expected) => {
    expect(line(estimates, blocksDone)).toBe(expected)
  })

  it('never ends below the minimum nor goes on at the maximum, whatever was measured', () => {
    const widths = () => fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(widths(), fc.nat({ max: 30 }), (all, blocksDone) => {
        const { goOn } = decide(all.map(estimate), blocksDone)
        if (blocksDone < 3) expect(goOn).toBe(true)
        if (blocksDone >= 20) expect(goOn).toBe(false)
      }),
    )
  })

  it('goes on for as long as the widest interval is too wide', () => {
    const width = () => fc.double({ min: 0, max: 0.1, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(width(), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 3, max: 19 }),
        (all, blocksDone) => {
          const widest = Math.max(...all)
          fc.pre(Math.abs(widest - 0.02) > 1e-9)
          const decision = decide(all.map(estimate), blocksDone)
          expect(decision.goOn).toBe(widest > 0.02)
          expect(decision.widest).toBeCloseTo(widest, 9)
        },
      ),
    )
  })
})
