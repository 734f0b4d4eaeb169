import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, p95, quantile } from './quantiles.js'

/** Adding 0 makes 0 of -0, which no time or rate is. */
const value = () => fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number + 0)
const values = () => fc.array(value(), { minLength: 1 })
const probability = () => fc.double({ min: 0, max: 1, noNaN: true })

describe('quantiles', () => {
  it.each([
    // As R's quantile() and NumPy's percentile() give them.
    [0, 1],
    [0.25, 1.75],
    [0.5, 2.5],
    [0.9, 3.7],
    [1, 4],
  ])('interpolate between ranks: %d of 1 to 4', (share, expected) => {
    expect(quantile([4, 1, 3, 2], share)).toBeCloseTo(expected, 12)
  })

  it('are null without a value, and the value itself where there is one', () => {
    expect(median([])).toBeNull()
    expect(p95([])).toBeNull()
    expect(p95([7])).toBe(7)
  })

  it('have the middle and the slow end of step times', () => {
    const stepMs = Array.from({ length: 101 }, (_, index) => 100 - index)
    expect(median(stepMs)).toBe(50)
    expect(p95(stepMs)).toBe(95)
  })

  it('lie within the values and rise with the probability', () => {
    fc.assert(
      fc.property(values(), probability(), probability(), (all, one, other) => {
        const [low, high] = [one, other].sort((a, b) => a - b) as [number, number]
        expect(quantile(all, 0)).toBe(Math.min(...all))
        expect(quantile(all, 1)).toBe(Math.max(...all))
        const rounding = 1e-9 * Math.max(1, ...all.map(Math.abs))
        expect(quantile(all, high) as number).toBeGreaterThanOrEqual(
          (quantile(all, low) as number) - rounding,
        )
      }),
    )
  })

  it('leave half of the values on either side of the median', () => {
    fc.assert(
      fc.property(values(), (all) => {
        const middle = median(all) as number
        const below = all.filter((value) => value < middle).length
        const above = all.filter((value) => value > middle).length
        expect(Math.max(below, above)).toBeLessThanOrEqual(all.length / 2)
      }),
    )
  })

  it('depend neither on the order of the values nor change it', () => {
    fc.assert(
      fc.property(values(), probability(), (all, share) => {
        const given = Object.freeze([...all])
        expect(quantile(given, share)).toBe(quantile([...all].reverse(), share))
      }),
    )
  })
})
