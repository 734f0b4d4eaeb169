/// <reference path="./crc-32.d.ts" />
import crc32c from 'crc-32/crc32c.js'

/** Added to a rotated checksum: a checksum of data that holds checksums would be weak (tensorflow/tsl/lib/hash/crc32c.h). */
const maskDelta = 0xa282ead8

/**
 * One record of a TFRecord file: the length of the data (64 bits, little-endian), its masked CRC-32C, the data, and
 * theirs. Source: tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".
 */
export function tfRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(8 + 4 + data.length + 4)
  record.writeBigUInt64LE(BigInt(data.length), 0)
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8)
  record.set(data, 12)
  record.writeUInt32LE(maskedCrc32c(data), 12 + data.length)
  return record
}

export function maskedCrc32c(bytes: Uint8Array): number {
  const checksum = crc32c.buf(bytes)
  return (((checksum >>> 15) | (checksum << 17)) + maskDelta) >>> 0
}
