import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskedCrc32c, tfRecord } from './tf-record.js'
import { readTfRecords } from './tf-records.fixture.js'

/** Takes the mask off again. */
function unmasked(checksum: number): number {
  const rotated = (checksum - 0xa282ead8) >>> 0
  return ((rotated >>> 17) | (rotated << 15)) >>> 0
}

describe('a record', () => {
  // RFC 3720 (iSCSI), appendix B.4.
  it.each([
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
  ])('has the checksum of the published example: %s', (_, bytes, checksum) => {
    expect(unmasked(maskedCrc32c(bytes))).toBe(checksum)
  })

  it('is read back by another implementation of its format', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (contents) => {
        const read = readTfRecords(Buffer.concat(contents.map(tfRecord)))
        expect(read.map((bytes) => [...bytes])).toEqual(contents.map((bytes) => [...bytes]))
      }),
    )
  })

  it('shows any flipped bit', () => {
    const record = tfRecord(Buffer.from('some data'))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: record.length * 8 - 1 }), (bit) => {
        const damaged = Buffer.from(record)
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(() => readTfRecords(damaged)).toThrow(/checksum|ends/)
      }),
    )
  })
})
