import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestBfloat16 } from '../test-support/reference-bfloat16.js'
import { roundToBfloat16, widenBfloat16 } from './bfloat16.js'

function rounded(value: number): number {
  const bits = new Uint16Array(1)
  const result = new Float32Array(1)
  roundToBfloat16(Float32Array.of(value), bits)
  widenBfloat16(bits, result)
  return result[0] as number
}

const float32 = () => fc.float({ noNaN: true })

describe('rounding to bfloat16', () => {
  it('takes the nearest', () => {
    fc.assert(
      fc.property(float32(), (value) => {
        expect(rounded(value)).toBe(nearestBfloat16(value))
      }),
    )
  })

  it('takes the one whose last bit is even where two are as near', () => {
    // 1 + 1/128 is the next after 1.
    expect(rounded(1 + 1 / 256)).toBe(1)
    expect(rounded(1 + 3 / 256)).toBe(1 + 4 / 256)
    expect(rounded(-1 - 3 / 256)).toBe(-1 - 4 / 256)
  })

  it('changes nothing that is a bfloat16 already', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), (bits) => {
        const value = new Float32Array(1)
        widenBfloat16(Uint16Array.of(bits), value)
        if (Number.isNaN(value[0])) return
        const again = new Uint16Array(1)
        roundToBfloat16(value, again)
        expect(again[0]).toBe(bits)
      }),
    )
  })

  it('keeps infinities, signed zeros and not-a-number, and makes infinite what is too large', () => {
    for (const value of [Infinity, -Infinity, 0, -0, NaN]) expect(rounded(value)).toBe(value)
    const largest = Math.fround(3.4028234663852886e38)
    expect([rounded(largest), rounded(-largest)]).toEqual([Infinity, -Infinity])
    // A payload in the lower half alone must not turn into an infinity.
    const bits = new Uint16Array(1)
    roundToBfloat16(new Float32Array(Uint32Array.of(0x7f800001).buffer), bits)
    expect((bits[0] as number) & 0x7f).not.toBe(0)
  })
})
