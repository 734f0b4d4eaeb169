import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slopeTest } from './slope-test.js'

const at = (ys: readonly number[]) => ys.map((y, x) => ({ x, y }))

describe('the test of a slope', () => {
  it('is the usual one: here t = 2.309 with 3 degrees of freedom', () => {
    const test = slopeTest(at([1, 3, 2, 5, 4]))
    expect(test?.slope).toBeCloseTo(0.8, 10)
    expect(test?.pValue).toBeCloseTo(0.1041, 4)
  })

  it('is certain of a line, and of none where all is equal', () => {
    expect(slopeTest(at([1, 2, 3]))).toEqual({ slope: 1, pValue: 0 })
    expect(slopeTest(at([2, 2, 2]))).toEqual({ slope: 0, pValue: 1 })
  })

  it('needs three points at more than one place', () => {
    expect(slopeTest(at([1, 2]))).toBeNull()
    expect(slopeTest([1, 2, 3].map((y) => ({ x: 0, y })))).toBeNull()
  })

  it('turns around with the data, as certain as before', () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 20 })
    fc.assert(
      fc.property(values, (ys) => {
        const [there, back] = [slopeTest(at(ys)), slopeTest(at(ys.map((y) => -y)))]
        expect(back?.slope).toBeCloseTo(-(there?.slope as number), 8)
        expect(back?.pValue).toBeCloseTo(there?.pValue as number, 8)
      }),
    )
  })
})
