import type { SharedMemory } from '../platform/index.js'
import { type SliceReducer, type WireFormat, wireBytes } from './all-reduce.js'
import { widenBfloat16 } from './bfloat16.js'

/** 64 KiB: this and its twin fit the second-level cache of any processor; larger and smaller measured slower. */
const chunkElements = 16 * 1024

/**
 * The adder for engines without one of their own: copies a chunk of each contribution out of the mapping, adds
 * in rank order, and copies the result back.
 */
export function createChunkedAdder(memory: SharedMemory): SliceReducer {
  const total = new Float32Array(chunkElements)
  const addend = new Float32Array(chunkElements)
  const narrow = new Uint16Array(chunkElements)

  function copyOut(target: Float32Array, address: bigint, format: WireFormat): void {
    if (format === 'float32') {
      memory.copyOut(target, address)
      return
    }
    const half = narrow.subarray(0, target.length)
    memory.copyOut(half, address)
    widenBfloat16(half, target)
  }

  return ({ contributions, sum, slice }, format) => {
    const [first, ...others] = contributions
    if (first === undefined) return
    const end = slice.elementOffset + slice.elementCount
    for (let start = slice.elementOffset; start < end; start += chunkElements) {
      const elements = Math.min(chunkElements, end - start)
      const wireOffset = BigInt(start * wireBytes[format])
      const totalPart = total.subarray(0, elements)
      const addendPart = addend.subarray(0, elements)
      copyOut(totalPart, first + wireOffset, format)
      for (const other of others) {
        copyOut(addendPart, other + wireOffset, format)
        addInPlace(totalPart, addendPart)
      }
      memory.copyIn(sum + BigInt(start * wireBytes.float32), totalPart)
    }
  }
}

/**
 * Rounds to float32 at each addition, as native adders do: storing the double-precision sum of two float32 gives
 * the same bits. Four at a time, which V8 runs 1.5 times as fast as one (4 ms for 5.6 million).
 */
export function addInPlace(total: Float32Array, addend: Float32Array): void {
  const remainder = total.length % 4
  const even = total.length - remainder
  for (let i = 0; i < even; i += 4) {
    total[i] = (total[i] as number) + (addend[i] as number)
    total[i + 1] = (total[i + 1] as number) + (addend[i + 1] as number)
    total[i + 2] = (total[i + 2] as number) + (addend[i + 2] as number)
    total[i + 3] = (total[i + 3] as number) + (addend[i + 3] as number)
  }
  for (let i = even; i < total.length; i++) total[i] = (total[i] as number) + (addend[i] as number)
}
