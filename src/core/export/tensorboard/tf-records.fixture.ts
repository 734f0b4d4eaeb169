/**
 * The contents of a TFRecord file. Shares no code with what writes them: the checksum is computed bit by bit, from its
 * polynomial. Throws for a wrong checksum, and where the file ends within a record.
 */
export function readTfRecords(file: Buffer): Buffer[] {
  const contents: Buffer[] = []
  let offset = 0
  while (offset < file.length) {
    const header = take(file, offset, 12)
    check(header.subarray(0, 8), header.readUInt32LE(8))
    const length = Number(header.readBigUInt64LE(0))
    const body = take(file, offset + 12, length + 4)
    check(body.subarray(0, length), body.readUInt32LE(length))
    contents.push(body.subarray(0, length))
    offset += 12 + length + 4
  }
  return contents
}

function take(file: Buffer, offset: number, length: number): Buffer {
  if (offset + length > file.length) throw new Error(`the file ends within a record of ${length} bytes`)
  return file.subarray(offset, offset + length)
}

function check(bytes: Buffer, masked: number): void {
  const checksum = crc32cBitByBit(bytes)
  const expected = (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0
  if (masked !== expected) throw new Error(`the checksum is ${masked}, not ${expected}`)
}

function crc32cBitByBit(bytes: Buffer): number {
  let remainder = 0xffffffff
  for (const byte of bytes) {
    remainder ^= byte
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >>> 1) ^ (remainder & 1 ? 0x82f63b78 : 0)
    }
  }
  return (remainder ^ 0xffffffff) >>> 0
}
