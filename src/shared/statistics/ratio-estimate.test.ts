import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateRatio, hasRatioInterval, type RatioIntervalEstimate } from './ratio-estimate.js'
import { simulationRandom } from './simulated-run.fixture.js'
import { judgeRatios } from './verdict.js'

const rates = (minLength = 2) =>
  fc.array(fc.double({ min: 1, max: 1e5, noNaN: true }), { minLength, maxLength: 12 })

function interval(base: readonly number[], others: readonly number[]): RatioIntervalEstimate {
  const estimate = estimateRatio(base, others)
  if (estimate === null || !hasRatioInterval(estimate)) throw new Error('no interval')
  return estimate
}

function expectRatio(actual: number, expected: number): void {
  expect(actual / expected).toBeCloseTo(1, 6)
}

/** Repeats whose logarithms lie `spread` below, at and above that of `centre`. */
const around = (centre: number, spread: number): number[] =>
  [-spread, 0, spread].map((distance) => centre * Math.exp(distance))

describe('the ratio of two runs', () => {
  it('has the interval of equal spreads, where there are four degrees of freedom, worked out step by step', () => {
    const estimate = interval(around(500, 0.02), around(600, 0.02))

    expectRatio(estimate.ratio, 1.2)
    expect(estimate.degreesOfFreedom).toBeCloseTo(4)
    // Each mean has a variance of 0.02² / 3; t(0.975, 4) from a table.
    const halfWidth = 2.776445 * Math.sqrt((2 * 0.02 ** 2) / 3)
    expectRatio(estimate.low, 1.2 * Math.exp(-halfWidth))
    expectRatio(estimate.high, 1.2 * Math.exp(halfWidth))
  })

  it('has the degrees of freedom of Satterthwaite’s formula where spreads differ', () => {
    const estimate = interval(around(500, 0.01), around(600, 0.03))

    // Variances of the means in the proportion 1 to 9: (1 + 9)² / (1² / 2 + 9² / 2).
    expect(estimate.degreesOfFreedom).toBeCloseTo(100 / 41)
  })

  it('has no interval unless both have repeats, and is not there without a rate', () => {
    const bare = { low: null, high: null, pValue: null, standardError: null, degreesOfFreedom: null }
    expect(estimateRatio([500], [600, 610])).toMatchObject({ ...bare, baseRepeats: 1, repeats: 2 })
    expect(estimateRatio([500, 490], [600])).toMatchObject(bare)
    expect(estimateRatio([500], [600])?.ratio).toBeCloseTo(1.2)
    expect(estimateRatio([], [600])).toBeNull()
    expect(estimateRatio([500], [])).toBeNull()
  })

  it('lies within its interval, and has as many degrees of freedom as the runs allow', () => {
    fc.assert(
      fc.property(rates(), rates(), (base, others) => {
        const { ratio, low, high, degreesOfFreedom } = interval(base, others)
        expect(low).toBeLessThanOrEqual(ratio)
        expect(high).toBeGreaterThanOrEqual(ratio)
        expect(degreesOfFreedom).toBeGreaterThanOrEqual(Math.min(base.length, others.length) - 1 - 1e-9)
        expect(degreesOfFreedom).toBeLessThanOrEqual(base.length + others.length - 2 + 1e-9)
      }),
    )
  })

  it('is inverted when the two are swapped, and as probable', () => {
    fc.assert(
      fc.property(rates(), rates(), (base, others) => {
        const [one, other] = [interval(base, others), interval(others, base)]
        fc.pre(one.low > 1e-100 && one.high < 1e100)
        expectRatio(other.ratio, 1 / one.ratio)
        expectRatio(other.low, 1 / one.high)
        expect(other.pValue).toBeCloseTo(one.pValue, 9)
      }),
    )
  })

  it('does not depend on the unit, nor on the order of repeats', () => {
    fc.assert(
      fc.property(rates(), rates(), (base, others) => {
        const one = interval(base, others)
        fc.pre(one.standardError > 1e-6 && one.high < 1e100 && one.low > 1e-100)
        const scaled = (list: readonly number[]) => [...list].reverse().map((rate) => 1000 * rate)
        const other = interval(scaled(base), scaled(others))
        expectRatio(other.ratio, one.ratio)
        expectRatio(other.high, one.high)
      }),
    )
  })

  it('has an interval that excludes 1 exactly when p is below 5 %', () => {
    fc.assert(
      fc.property(rates(), rates(), (base, others) => {
        const { low, high, pValue } = interval(base, others)
        fc.pre(Math.abs(pValue - 0.05) > 1e-6)
        expect(low > 1 || high < 1).toBe(pValue < 0.05)
      }),
    )
  })

  it('is certain where repeats agree to the last bit', () => {
    expect(interval([500, 500], [1000, 1000])).toMatchObject({ ratio: expect.closeTo(2), pValue: 0 })
    expect(interval([500, 500], [500, 500])).toMatchObject({ ratio: 1, low: 1, high: 1, pValue: 1 })
  })

  it.each(
    [
      [3, 3],
      [5, 5],
      [10, 10],
      [10, 3],
    ].flatMap(([base, others]) => [1, 3].map((times) => ({ base, others, times }))),
  )(
    'contains the truth in 93 to 98 % of runs: $base and $others repeats, the second run $times times as noisy',
    ({ base = 0, others = 0, times }) => {
      const runs = 4_000
      const covering = Array.from({ length: runs }, (_, seed) => {
        const random = simulationRandom(seed)
        const measure = (count: number, rate: number, noise: number): number[] =>
          Array.from({ length: count }, () => rate * Math.exp(noise * random.normal()))
        const { low, high } = interval(measure(base, 500, 0.02), measure(others, 600, 0.02 * times))
        return low <= 1.2 && 1.2 <= high
      }).filter(Boolean)
      expect(covering.length / runs).toBeGreaterThan(0.93)
      expect(covering.length / runs).toBeLessThan(0.98)
    },
  )
})

describe('the verdict on two runs', () => {
  it.each([
    ['faster', around(500, 0.01), around(600, 0.01)],
    ['slower', around(600, 0.01), around(500, 0.01)],
    ['same', around(500, 0.002), around(501, 0.002)],
    ['undecided', around(500, 0.1), around(550, 0.1)],
    ['one-repeat', [500], around(600, 0.01)],
  ])('is %s', (kind, base, others) => {
    const estimate = estimateRatio(base, others)
    if (estimate === null) throw new Error('no estimate')
    expect(judgeRatios([estimate])[0]?.kind).toBe(kind)
  })

  it('asks for more certainty the more strategies there are', () => {
    const borderline = interval(around(500, 0.02), around(525, 0.02))
    const unlike = interval(around(500, 0.02), around(502, 0.02))
    expect(judgeRatios([borderline])[0]?.kind).toBe('faster')
    expect(judgeRatios([borderline, unlike, unlike])[0]).toMatchObject({ kind: 'undecided', comparisons: 3 })
  })
})
