import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairTimes } from './pair-times.js'
import {
  estimateSpeedup,
  hasInterval,
  type IntervalEstimate,
  type PairedTimes,
  relativeHalfWidth,
} from './speedup-estimate.js'

const seconds = () => fc.double({ min: 0.1, max: 100, noNaN: true })
const blocks = (minLength = 2) =>
  fc.array(fc.record({ base: seconds(), strategy: seconds() }), { minLength, maxLength: 12 })

function interval(paired: readonly PairedTimes[]): IntervalEstimate {
  const estimate = estimateSpeedup(paired)
  if (estimate === null || !hasInterval(estimate)) throw new Error('no interval')
  return estimate
}

function expectRatio(actual: number, expected: number): void {
  expect(actual / expected).toBeCloseTo(1, 6)
}

describe('the speedup of paired blocks', () => {
  it('is the mean log ratio with the t interval of its five values, worked out step by step', () => {
    const base = [10, 11, 10.5, 10.2, 10.8]
    const strategy = [6, 6.3, 6.2, 5.9, 6.4]
    const estimate = interval(
      base.map((time, block) => ({ base: time, strategy: strategy[block] as number })),
    )

    const d = base.map((time, block) => Math.log(time / (strategy[block] as number)))
    const centre = d.reduce((sum, each) => sum + each) / 5
    const standardError = Math.sqrt(d.reduce((sum, each) => sum + (each - centre) ** 2, 0) / 4 / 5)
    expectRatio(estimate.speedup, Math.exp(centre))
    // t(0.975, 4) from a table.
    expectRatio(estimate.low, Math.exp(centre - 2.776445 * standardError))
    expectRatio(estimate.high, Math.exp(centre + 2.776445 * standardError))
    expect(estimate.blocks).toBe(5)
  })

  it('has no interval with one block, and is not there without any', () => {
    const estimate = estimateSpeedup([{ base: 3, strategy: 2 }])
    expect(estimate).toEqual({
      speedup: expect.closeTo(1.5),
      low: null,
      high: null,
      blocks: 1,
      pValue: null,
      standardError: null,
      degreesOfFreedom: null,
    })
    expect(estimateSpeedup([])).toBeNull()
  })

  it('lies within its interval, whose logarithm is symmetric', () => {
    fc.assert(
      fc.property(blocks(), (paired) => {
        const { speedup, low, high } = interval(paired)
        expect(low).toBeLessThanOrEqual(speedup)
        expect(high).toBeGreaterThanOrEqual(speedup)
        fc.pre(low > 1e-100 && high < 1e100)
        expectRatio(Math.log(high) - Math.log(speedup) + 1, Math.log(speedup) - Math.log(low) + 1)
      }),
    )
  })

  it('is inverted when the two are swapped, and as probable', () => {
    fc.assert(
      fc.property(blocks(), (paired) => {
        const one = interval(paired)
        const other = interval(paired.map(({ base, strategy }) => ({ base: strategy, strategy: base })))
        fc.pre(one.low > 1e-100 && one.high < 1e100)
        expectRatio(other.speedup, 1 / one.speedup)
        expectRatio(other.low, 1 / one.high)
        expect(other.pValue).toBeCloseTo(one.pValue, 9)
      }),
    )
  })

  it('does not depend on the unit, nor on what slows a whole block', () => {
    fc.assert(
      fc.property(blocks(), fc.array(fc.double({ min: 0.5, max: 2, noNaN: true })), (paired, slowdowns) => {
        const one = interval(paired)
        fc.pre(one.standardError > 1e-6)
        const slowed = paired.map(({ base, strategy }, block) => {
          const slowdown = slowdowns[block] ?? 1000
          return { base: base * slowdown, strategy: strategy * slowdown }
        })
        const other = interval(slowed)
        expectRatio(other.speedup, one.speedup)
        expectRatio(other.standardError, one.standardError)
      }),
    )
  })

  it('has an interval that excludes 1 exactly when p is below 5 %', () => {
    fc.assert(
      fc.property(blocks(), (paired) => {
        const { low, high, pValue } = interval(paired)
        fc.pre(Math.abs(pValue - 0.05) > 1e-6)
        expect(low > 1 || high < 1).toBe(pValue < 0.05)
      }),
    )
  })

  it('is certain where blocks agree to the last bit', () => {
    const same = { base: 4, strategy: 2 }
    expect(interval([same, same, same])).toMatchObject({ speedup: 2, low: 2, high: 2, pValue: 0 })
    expect(
      interval([
        { base: 4, strategy: 4 },
        { base: 3, strategy: 3 },
      ]),
    ).toMatchObject({ speedup: 1, pValue: 1 })
  })

  it('has the half width that its interval was made from', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (speedup, share) => {
          const estimate = {
            ...interval([
              { base: 2, strategy: 1 },
              { base: 3, strategy: 1 },
            ]),
            speedup,
          }
          const ends = { low: speedup / (1 + share), high: speedup * (1 + share) }
          expect(relativeHalfWidth({ ...estimate, ...ends })).toBeCloseTo(share, 9)
        },
      ),
    )
  })
})

describe('pairing', () => {
  it('keeps only blocks in which both were measured', () => {
    const measured = [{ single: 10, ddp: 6 }, { single: 11, ddp: null }, { ddp: 7 }, { single: 12, ddp: 8 }]
    expect(pairTimes(measured, 'single', 'ddp')).toEqual([
      { base: 10, strategy: 6 },
      { base: 12, strategy: 8 },
    ])
  })
})
