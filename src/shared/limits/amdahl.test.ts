import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amdahlSpeedup, fitAmdahl } from './amdahl.js'

const fraction = () => fc.double({ min: 0, max: 1, noNaN: true })
const devices = () => fc.integer({ min: 2, max: 256 })

describe("Amdahl's law", () => {
  it('has its textbook values', () => {
    expect(amdahlSpeedup(0.05, 20)).toBeCloseTo(10.256, 3)
    expect(amdahlSpeedup(0, 8)).toBe(8)
    expect(amdahlSpeedup(1, 8)).toBe(1)
  })

  it('rises with devices, never beyond their number nor beyond 1 / s', () => {
    fc.assert(
      fc.property(fraction(), devices(), (serial, count) => {
        const speedup = amdahlSpeedup(serial, count)
        expect(speedup).toBeGreaterThanOrEqual(amdahlSpeedup(serial, count - 1) - 1e-9)
        expect(speedup).toBeLessThanOrEqual(count + 1e-9)
        if (serial > 0) expect(speedup).toBeLessThanOrEqual(1 / serial + 1e-9)
      }),
    )
  })

  it('is found again from speedups that follow it, one or several', () => {
    fc.assert(
      fc.property(fraction(), fc.array(devices(), { minLength: 1, maxLength: 5 }), (serial, counts) => {
        const fit = fitAmdahl(
          counts.map((count) => ({ devices: count, speedup: amdahlSpeedup(serial, count) })),
        )
        expect(fit?.serialFraction).toBeCloseTo(serial, 9)
      }),
    )
  })

  it('goes through one measured speedup, as far as it may', () => {
    fc.assert(
      fc.property(devices(), fraction(), (count, share) => {
        const speedup = 1 + share * (count - 1)
        const fit = fitAmdahl([{ devices: count, speedup }])
        expect(amdahlSpeedup(fit?.serialFraction as number, count)).toBeCloseTo(speedup, 6)
      }),
    )
  })

  it('lies between the fractions of its points', () => {
    const fractions = [0.1, 0.2].map((serial, index) => {
      const count = [2, 8][index] as number
      return { devices: count, speedup: amdahlSpeedup(serial, count) }
    })
    const fit = fitAmdahl(fractions)?.serialFraction as number
    expect(fit).toBeGreaterThan(0.1)
    expect(fit).toBeLessThan(0.2)
  })

  it('says where no fraction fits: more than N times as fast, or slower than one device', () => {
    expect(fitAmdahl([{ devices: 2, speedup: 2.2 }])).toEqual({ serialFraction: 0, clamped: true })
    expect(fitAmdahl([{ devices: 2, speedup: 0.8 }])).toEqual({ serialFraction: 1, clamped: true })
    expect(fitAmdahl([{ devices: 2, speedup: 1.6 }])).toEqual({
      serialFraction: expect.closeTo(0.25),
      clamped: false,
    })
  })

  it('learns nothing from one device', () => {
    expect(fitAmdahl([{ devices: 1, speedup: 1 }])).toBeNull()
    expect(fitAmdahl([])).toBeNull()
  })
})
