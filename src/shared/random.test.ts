import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hash4, RandomStream } from './random.js'

const key = () => fc.integer({ min: 0, max: 2 ** 32 - 1 })

/** Pearson's statistic against equal shares: about as large as the number of bins, by chance. */
function chiSquare(counts: ArrayLike<number>): number {
  const bins = Array.from(counts)
  const expected = bins.reduce((sum, count) => sum + count, 0) / bins.length
  return bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

function countInto(bins: number, values: Iterable<number>): Uint32Array {
  const counts = new Uint32Array(bins)
  for (const value of values) counts[value] = (counts[value] as number) + 1
  return counts
}

describe('hash4', () => {
  it.each([
    // Computed with Python's integers from the formulas of the paper.
    [
      [0, 0, 0, 0],
      [251852841, 760645481, 850445371, 3542436074],
    ],
    [
      [1, 2, 3, 4],
      [908250390, 4044648920, 3775961919, 45698095],
    ],
    [
      [4294967295, 2147483648, 7, 123456789],
      [1047030199, 1827545778, 3766869630, 1694826859],
    ],
  ])('of %j is pcg4d', (keys, expected) => {
    expect(hash4(...(keys as [number, number, number, number]))).toEqual(expected)
  })

  it('gives four unsigned 32-bit integers for any keys', () => {
    fc.assert(
      fc.property(key(), key(), key(), key(), (a, b, c, d) => {
        for (const number of hash4(a, b, c, d)) {
          expect(Number.isInteger(number) && number >= 0 && number < 2 ** 32).toBe(true)
        }
      }),
    )
  })

  it('spreads neighbouring keys evenly, in each place and each key', () => {
    for (const place of [0, 1, 2, 3] as const) {
      for (const varied of [0, 1, 2, 3]) {
        const values = Array.from({ length: 6400 }, (_, counter) => {
          const keys: [number, number, number, number] = [3, 5, 7, 11]
          keys[varied] = counter
          return hash4(...keys)[place] >>> 26
        })
        // 64 bins: mean 63, standard deviation 11.2; 120 is five of those away.
        expect(chiSquare(countInto(64, values))).toBeLessThan(120)
      }
    }
  })
})

describe('RandomStream', () => {
  const draw = (length: number, next: () => number) => Array.from({ length }, next)

  it('repeats for the same seed and stream and differs for another of either', () => {
    const numbers = (seed: number, stream: number) => {
      const random = new RandomStream(seed, stream)
      return draw(8, () => random.uint32())
    }
    expect(numbers(1, 2)).toEqual(numbers(1, 2))
    expect(numbers(1, 2)).not.toEqual(numbers(2, 2))
    expect(numbers(1, 2)).not.toEqual(numbers(1, 3))
  })

  it('draws uniform numbers in [0, 1)', () => {
    const random = new RandomStream(4, 0)
    const numbers = draw(10_000, () => random.uniform())
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    expect(
      chiSquare(
        countInto(
          100,
          numbers.map((number) => Math.floor(number * 100)),
        ),
      ),
    ).toBeLessThan(170)
  })

  it('draws integers below any bound', () => {
    fc.assert(
      fc.property(key(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const random = new RandomStream(seed, 9)
        for (const number of draw(20, () => random.below(bound))) {
          expect(Number.isInteger(number) && number >= 0 && number < bound).toBe(true)
        }
      }),
    )
  })

  it('draws normal numbers: mean 0, variance 1, symmetric, with the tails of the bell curve', () => {
    const random = new RandomStream(5, 0)
    const numbers = draw(40_000, () => random.normal())
    const moment = (power: number) =>
      numbers.reduce((sum, number) => sum + number ** power, 0) / numbers.length
    expect(numbers.every(Number.isFinite)).toBe(true)
    expect(Math.abs(moment(1))).toBeLessThan(0.02)
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03)
    expect(Math.abs(moment(3))).toBeLessThan(0.06)
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2)
  })

  it('draws normal numbers without a tie between neighbours', () => {
    const random = new RandomStream(6, 0)
    const numbers = draw(20_000, () => random.normal())
    const products = numbers.slice(1).map((number, index) => number * (numbers[index] as number))
    expect(Math.abs(products.reduce((sum, product) => sum + product, 0) / products.length)).toBeLessThan(0.03)
  })

  it('permutes: every index once, whatever the length', () => {
    fc.assert(
      fc.property(key(), fc.integer({ min: 0, max: 300 }), (seed, length) => {
        const order = new RandomStream(seed, 1).permutation(length)
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(length).keys()])
      }),
    )
  })

  it('gives every order of four the same chance', () => {
    const random = new RandomStream(7, 0)
    const orders = draw(24_000, () => {
      const [first, second, third] = random.permutation(4) as unknown as [number, number, number]
      return first * 16 + second * 4 + third
    })
    const counts = countInto(64, orders).filter((count) => count > 0)
    expect(counts).toHaveLength(24)
    // 24 bins: mean 23, standard deviation 6.8.
    expect(chiSquare(counts)).toBeLessThan(57)
  })
})
