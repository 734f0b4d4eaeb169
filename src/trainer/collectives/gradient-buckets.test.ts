import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planBuckets } from './gradient-buckets.js'

const elementCounts = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 40 })
const limits = fc.record({
  firstBytes: fc.integer({ min: 1, max: 4_000 }),
  otherBytes: fc.integer({ min: 1, max: 4_000 }),
})

describe('buckets of gradients', () => {
  it('hold every gradient once, the last layer first', () => {
    fc.assert(
      fc.property(elementCounts, limits, (counts, limit) => {
        expect(planBuckets(counts, limit).flat()).toEqual([...counts.keys()].reverse())
      }),
    )
  })

  it('are closed by the gradient that reaches the limit; only the last may stay below', () => {
    fc.assert(
      fc.property(elementCounts, limits, (counts, limit) => {
        const buckets = planBuckets(counts, limit)
        const bytesOf = (bucket: number[]) =>
          bucket.reduce((bytes, index) => bytes + 4 * (counts[index] as number), 0)
        buckets.forEach((bucket, position) => {
          const most = position === 0 ? limit.firstBytes : limit.otherBytes
          expect(bytesOf(bucket.slice(0, -1))).toBeLessThan(most)
          if (position < buckets.length - 1) expect(bytesOf(bucket)).toBeGreaterThanOrEqual(most)
        })
      }),
    )
  })

  it('are 1 MiB, then 25 MiB, as in PyTorch', () => {
    const eightMebibytes = 2 * 2 ** 20
    expect(planBuckets(Array.from({ length: 6 }, () => eightMebibytes))).toEqual([[5], [4, 3, 2, 1], [0]])
  })
})
