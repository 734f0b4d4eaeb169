import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sliceOfRank } from './slices.js'

const anyGroup = {
  elementCount: fc.oneof(fc.nat(100), fc.nat(50_000_000)),
  worldSize: fc.integer({ min: 1, max: 16 }),
}

const slicesOf = (elementCount: number, worldSize: number) =>
  Array.from({ length: worldSize }, (_, rank) => sliceOfRank(elementCount, rank, worldSize))

describe('the slices of a group', () => {
  it('cover every element exactly once', () => {
    fc.assert(
      fc.property(fc.record(anyGroup), ({ elementCount, worldSize }) => {
        let next = 0
        for (const slice of slicesOf(elementCount, worldSize)) {
          expect(slice.elementOffset).toBe(next)
          expect(slice.elementCount).toBeGreaterThanOrEqual(0)
          next += slice.elementCount
        }
        expect(next).toBe(elementCount)
      }),
    )
  })

  it('start on 64-byte boundaries where they are not empty', () => {
    fc.assert(
      fc.property(fc.record(anyGroup), ({ elementCount, worldSize }) => {
        const filled = slicesOf(elementCount, worldSize).filter((slice) => slice.elementCount > 0)
        for (const slice of filled) expect(slice.elementOffset % 32).toBe(0)
      }),
    )
  })

  it('share the work evenly', () => {
    fc.assert(
      fc.property(fc.record(anyGroup), ({ elementCount, worldSize }) => {
        const counts = slicesOf(elementCount, worldSize).map((slice) => slice.elementCount)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(32 + 31)
      }),
    )
  })
})
