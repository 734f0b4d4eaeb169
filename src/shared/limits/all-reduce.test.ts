import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allReduceBandwidth, allReduceMs } from './all-reduce.js'

const measured = () =>
  fc.record({
    bytes: fc.integer({ min: 1, max: 1e9 }),
    ms: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
    devices: fc.integer({ min: 2, max: 64 }),
  })

describe('the bandwidth of an all-reduce', () => {
  it('is reported as nccl-tests does', () => {
    const two = allReduceBandwidth({ bytes: 44.7e6, ms: 13, devices: 2 })
    expect(two.algorithmBytesPerSecond / 1e9).toBeCloseTo(3.438, 3)
    expect(two.busBytesPerSecond).toBe(two.algorithmBytesPerSecond)
    const eight = allReduceBandwidth({ bytes: 1e9, ms: 10, devices: 8 })
    expect(eight.algorithmBytesPerSecond).toBeCloseTo(100e9)
    expect(eight.busBytesPerSecond).toBeCloseTo(175e9)
  })

  it('gives back the time that was measured', () => {
    fc.assert(
      fc.property(measured(), (given) => {
        const { busBytesPerSecond } = allReduceBandwidth(given)
        expect(allReduceMs(given.bytes, given.devices, busBytesPerSecond) / given.ms).toBeCloseTo(1, 9)
      }),
    )
  })

  it('makes more devices take longer, but never twice as long as two, and one nothing', () => {
    fc.assert(
      fc.property(measured(), (given) => {
        const { busBytesPerSecond } = allReduceBandwidth(given)
        const ms = (devices: number) => allReduceMs(given.bytes, devices, busBytesPerSecond)
        expect(ms(1)).toBe(0)
        expect(ms(given.devices + 1)).toBeGreaterThan(ms(given.devices))
        expect(ms(given.devices)).toBeLessThan(2 * ms(2))
      }),
    )
  })
})
