import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layOutGroup } from './group-layout.js'

const semaphoreBytes = 64

describe('the layout of a group’s memory', () => {
  it('gives every counter, semaphore and vector bytes of its own', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000_000 }),
        fc.integer({ min: 1, max: 64 }),
        (elementCount, worldSize) => {
          const layout = layOutGroup({ elementCount, worldSize }, semaphoreBytes)
          const region = (byteLength: number) => (start: number) => ({ start, end: start + byteLength })
          const regions = [
            ...layout.arrivalOffsets.map(region(8)),
            ...layout.semaphoreOffsets.flat().map(region(semaphoreBytes)),
            ...[...layout.contributionOffsets, layout.sumOffset].map(region(elementCount * 4)),
          ]
          expect(regions).toHaveLength(worldSize * 4 + 1)
          let end = 24 // the header
          for (const next of regions.sort((a, b) => a.start - b.start)) {
            expect(next.start).toBeGreaterThanOrEqual(end)
            expect(next.start % 64).toBe(0)
            end = next.end
          }
          expect(layout.byteLength).toBeGreaterThanOrEqual(end)
        },
      ),
    )
  })
})
