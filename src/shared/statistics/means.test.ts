import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { geometricMean, harmonicMean, mean, standardDeviation } from './means.js'

const positives = () => fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1 })

/** Equal up to rounding, whatever the magnitude. */
function expectClose(actual: number | null, expected: number): void {
  expect((actual as number) / expected).toBeCloseTo(1, 9)
}

describe('means', () => {
  it('have their textbook values', () => {
    expect(mean([1, 2, 6])).toBe(3)
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7))
    expect(harmonicMean([40, 60])).toBeCloseTo(48)
    expect(geometricMean([2, 8])).toBeCloseTo(4)
  })

  it('are null without a value, and a spread without two', () => {
    for (const figure of [mean, standardDeviation, harmonicMean, geometricMean]) expect(figure([])).toBeNull()
    expect(standardDeviation([3])).toBeNull()
  })

  it('average rates over equal work to all work over all time', () => {
    fc.assert(
      fc.property(positives(), fc.double({ min: 1, max: 1e5, noNaN: true }), (secondsOfEach, images) => {
        const rates = secondsOfEach.map((seconds) => images / seconds)
        const allSeconds = secondsOfEach.reduce((sum, seconds) => sum + seconds, 0)
        expectClose(harmonicMean(rates), (images * rates.length) / allSeconds)
      }),
    )
    expect(harmonicMean([500, 0])).toBe(0)
  })

  it('invert a geometric mean with its ratios', () => {
    fc.assert(
      fc.property(positives(), (ratios) => {
        expectClose(geometricMean(ratios.map((ratio) => 1 / ratio)), 1 / (geometricMean(ratios) as number))
      }),
    )
  })

  it('are ordered: harmonic, geometric, arithmetic', () => {
    const rounding = 1 + 1e-9
    fc.assert(
      fc.property(positives(), (values) => {
        const [harmonic, geometric, arithmetic] = [harmonicMean, geometricMean, mean].map((figure) =>
          figure(values),
        )
        expect(harmonic as number).toBeLessThanOrEqual((geometric as number) * rounding)
        expect(geometric as number).toBeLessThanOrEqual((arithmetic as number) * rounding)
      }),
    )
  })

  it('spread the same wherever the values lie, and in proportion to their unit', () => {
    const values = () => fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2 })
    fc.assert(
      fc.property(values(), fc.double({ min: -100, max: 100, noNaN: true }), (all, shift) => {
        const spread = standardDeviation(all) as number
        expect(standardDeviation(all.map((value) => value + shift))).toBeCloseTo(spread, 9)
        expect(standardDeviation(all.map((value) => value * -3))).toBeCloseTo(3 * spread, 9)
      }),
    )
  })
})
