/** The part of crc-32 that Tandem uses: the package brings types for its other polynomial alone. */
declare module 'crc-32/crc32c.js' {
  const crc32c: {
    /** CRC-32C of the bytes, as a signed 32-bit integer. */
    buf(bytes: Uint8Array): number
  }
  export = crc32c
}
