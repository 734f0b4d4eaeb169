import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { studentTQuantile, studentTUpperTail } from './student-t.js'

const degreesOfFreedom = () => fc.integer({ min: 1, max: 200 })
const probability = () => fc.double({ min: 0.001, max: 0.999, noNaN: true })

describe("Student's t distribution", () => {
  it.each([
    // Published tables, two-sided 95 %.
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [4, 2.77645],
    [9, 2.26216],
    [29, 2.04523],
    [100, 1.98397],
  ])('has the tabled 97.5 % quantile for %i degrees of freedom', (degrees, tabled) => {
    expect(studentTQuantile(0.975, degrees)).toBeCloseTo(tabled, 4)
  })

  it('has closed forms for one and two degrees of freedom', () => {
    fc.assert(
      fc.property(probability(), (p) => {
        expect(studentTQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 4)
        expect(studentTQuantile(p, 2)).toBeCloseTo((2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 4)
      }),
    )
  })

  it('is symmetric', () => {
    fc.assert(
      fc.property(probability(), degreesOfFreedom(), (p, degrees) => {
        expect(studentTQuantile(1 - p, degrees)).toBeCloseTo(-studentTQuantile(p, degrees), 4)
      }),
    )
  })

  it('leaves above a quantile what the quantile says', () => {
    fc.assert(
      fc.property(probability(), degreesOfFreedom(), (p, degrees) => {
        expect(studentTUpperTail(studentTQuantile(p, degrees), degrees)).toBeCloseTo(1 - p, 6)
      }),
    )
  })

  it('keeps far tails, and none at infinity', () => {
    expect(studentTUpperTail(50, 9)).toBeGreaterThan(1e-12)
    expect(studentTUpperTail(50, 9)).toBeLessThan(1.4e-12)
    expect(studentTUpperTail(Number.POSITIVE_INFINITY, 4)).toBe(0)
    expect(studentTUpperTail(Number.NEGATIVE_INFINITY, 4)).toBe(1)
  })
})
