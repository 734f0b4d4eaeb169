import type { WireFormat } from './all-reduce.js'

/*
 * bfloat16: the upper half of a float32, so its range with 8 bits of precision. Here as its bits, in a Uint16Array.
 */

const halfBits = 16
const infinityBits = 0x7f800000
const quietBit = 0x40

/**
 * Rounds to the nearest, ties to the one whose last bit is even, as TensorFlow's and PyTorch's casts do. What is beyond
 * the largest becomes infinite; not-a-number stays one.
 */
export function roundToBfloat16(source: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length)
  for (let index = 0; index < bits.length; index++) {
    const value = bits[index] as number
    const upper = value >>> halfBits
    const isNotANumber = (value & 0x7fffffff) > infinityBits
    target[index] = isNotANumber ? upper | quietBit : (value + 0x7fff + (upper & 1)) >>> halfBits
  }
}

/** As float32, exactly. */
export function widenBfloat16(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length)
  for (let index = 0; index < source.length; index++) bits[index] = (source[index] as number) << halfBits
}

/** What travels: `values` themselves, or a rounded copy. */
export function inFormat(values: Float32Array, format: WireFormat): Float32Array | Uint16Array {
  if (format === 'float32') return values
  const rounded = new Uint16Array(values.length)
  roundToBfloat16(values, rounded)
  return rounded
}
