import { describe, expect, it } from 'vitest'
import { onePerPhysicalCore } from './surroundings.js'

describe('cores to measure on', () => {
  it('are one hardware thread of each physical core', () => {
    expect(onePerPhysicalCore([0, 4, 1, 5], { logicalCores: 8, physicalCores: 4 })).toEqual([0, 1])
  })

  it('are all where a core has one, or where it is not known', () => {
    expect(onePerPhysicalCore([0, 1], { logicalCores: 2, physicalCores: 2 })).toEqual([0, 1])
    expect(onePerPhysicalCore([2, 3], { logicalCores: 4, physicalCores: null })).toEqual([2, 3])
  })
})
