import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataParallelPhases } from './data-parallel-phases.js'

describe('phases of a DataParallel step', () => {
  it('last from the end of one to the end of the next', () => {
    expect(dataParallelPhases([1, 5, 40, 41, 120, 124, 130])).toEqual({
      scatterMs: 1,
      replicateMs: 4,
      forwardMs: 35,
      gatherMs: 1,
      backwardMs: 79,
      reduceMs: 4,
      updateMs: 6,
    })
  })

  it('take no time of their own where they ended within the one before', () => {
    expect(dataParallelPhases([1, 1, 40, 41, 120, 90, 119])).toMatchObject({ reduceMs: 0, updateMs: 0 })
  })

  it('are never negative, and last as long together as the step', () => {
    const ends = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(ends, (endsMs) => {
        const durations = Object.values(dataParallelPhases(endsMs)) as number[]
        expect(Math.min(...durations)).toBeGreaterThanOrEqual(0)
        const totalMs = durations.reduce((sum, ms) => sum + ms, 0)
        expect(totalMs).toBeCloseTo(Math.max(...endsMs), 6)
      }),
    )
  })
})
