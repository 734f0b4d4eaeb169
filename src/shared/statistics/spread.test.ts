import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spreadOf, spreadText } from './spread.js'

const whole = (value: number): string => value.toFixed(0)

it('is the median and between which values all lie', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 })
  expect(spreadOf([])).toBeNull()
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(numbers, (values) => {
      const { median, low, high } = spreadOf(values) ?? { median: Number.NaN, low: 0, high: 0 }
      expect([low, high]).toEqual([Math.min(...values), Math.max(...values)])
      expect(median >= low && median <= high).toBe(true)
    }),
  )
})

it('names a range only where it can be seen', () => {
  expect(spreadText({ median: 93.2, low: 85, high: 99.6 }, whole, 'N/A')).toBe('93 (85 to 100)')
  expect(spreadText({ median: 93.2, low: 93, high: 93.4 }, whole, 'N/A')).toBe('93')
  expect(spreadText(null, whole, 'N/A')).toBe('N/A')
})
