import { describe, expect, it } from 'vitest'
import { efficiencyOf } from './efficiency.js'
import type { SpeedupEstimate } from './speedup-estimate.js'

function speedup(speedup: number, low: number | null = null, high: number | null = null): SpeedupEstimate {
  return {
    speedup,
    low,
    high,
    blocks: low === null ? 1 : 5,
    pValue: null,
    standardError: null,
    degreesOfFreedom: null,
  }
}

describe('efficiency', () => {
  it('is the speedup over the devices, interval and all', () => {
    expect(efficiencyOf(speedup(1.7, 1.6, 1.8), 2)).toEqual({
      efficiency: 0.85,
      low: 0.8,
      high: 0.9,
      aboveIdeal: 'no',
    })
  })

  it('has no interval with one repeat', () => {
    expect(efficiencyOf(speedup(3), 4)).toEqual({ efficiency: 0.75, low: null, high: null, aboveIdeal: 'no' })
  })

  it.each([
    ['no', speedup(1.98, 1.9, 2.06)],
    ['possibly', speedup(2.02, 1.94, 2.1)],
    ['possibly', speedup(2.2)],
    ['surely', speedup(2.2, 2.1, 2.3)],
  ])('is flagged as above 100 %%: %s', (flag, estimate) => {
    expect(efficiencyOf(estimate, 2).aboveIdeal).toBe(flag)
  })
})
