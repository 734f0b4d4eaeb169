import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandOver, joinLines, smooth, valueAt } from './stream-data.js'

describe('lines over one x axis', () => {
  it('keep their values, with gaps where they have none and bridges where they have no entry', () => {
    const joined = joinLines([
      { x: [0, 1, 2], values: [10, null, 30] },
      { x: [1, 1.5], values: [7, 8] },
    ])

    expect(joined).toEqual({
      x: [0, 1, 1.5, 2],
      columns: [
        [10, null, undefined, 30],
        [undefined, 7, 8, undefined],
      ],
    })
  })

  it('leave out entries that lie nowhere', () => {
    expect(joinLines([{ x: [null, 3], values: [1, 2] }])).toEqual({ x: [3], columns: [[2]] })
  })
})

describe('the band over repeats', () => {
  it('lies from the least to the greatest of those that have a value there', () => {
    const band = bandOver(
      [
        { x: [0, 1, 2, 3], y: [1, 1, 1, 1] },
        { x: [0, 2], y: [3, 5] },
      ],
      0,
    )

    expect(band).toEqual({ x: [0, 1, 2, 3], low: [1, 1, 1, 1], high: [3, 4, 5, 1] })
  })

  it('is none of one repeat', () => {
    expect(bandOver([{ x: [0], y: [1] }], 0)).toBeNull()
    expect(bandOver([], 0)).toBeNull()
  })

  it('holds every repeat, however they are smoothed, and stays coarse', () => {
    const repeat = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 600 })
    fc.assert(
      fc.property(repeat, repeat, fc.constantFrom(0, 0.6), (first, second, weight) => {
        const lines = [first, second].map((y) => ({ x: y.map((_, index) => index), y }))
        const band = bandOver(lines, weight)
        expect(band?.x.length).toBeLessThanOrEqual(201)
        for (const { y } of lines) {
          const smoothed = smooth(y, weight)
          for (const [index, x] of (band?.x ?? []).entries()) {
            const value = smoothed[x] ?? null
            if (value === null) continue
            expect(value).toBeGreaterThanOrEqual((band?.low[index] ?? 0) - 1e-9)
            expect(value).toBeLessThanOrEqual((band?.high[index] ?? 0) + 1e-9)
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('smoothing', () => {
  const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 })

  it('changes nothing with no weight on the past', () => {
    expect(smooth([1, null, 5], 0)).toEqual([1, null, 5])
  })

  it('starts at the first value and stays between the extremes', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (list, weight) => {
        const smoothed = smooth(list, weight) as number[]
        expect(smoothed[0]).toBeCloseTo(list[0] as number, 6)
        expect(Math.min(...smoothed)).toBeGreaterThanOrEqual(Math.min(...list) - 1e-6)
        expect(Math.max(...smoothed)).toBeLessThanOrEqual(Math.max(...list) + 1e-6)
      }),
    )
  })

  it('goes on after a gap as if it were not there', () => {
    const [, , third] = smooth([1, null, 2], 0.5)
    expect(third).toBeCloseTo(smooth([1, 2], 0.5)[1] as number)
  })
})

describe('the value under the crosshair', () => {
  it('is the nearest that there is', () => {
    const line = { x: [0, 1, 2, null], y: [5, null, 7, 9] }

    expect(valueAt(line, 1.2)).toBe(7)
    expect(valueAt(line, -4)).toBe(5)
    expect(valueAt({ x: [], y: [] }, 1)).toBeNull()
  })
})
