import { util } from '@tensorflow/tfjs-core'

/** Where one tensor lies in an exchanged vector. */
export interface VectorPart {
  elementOffset: number
  elementCount: number
  shape: readonly number[]
}

/** 64 bytes of float32: TensorFlow copies a tensor that starts anywhere else instead of sharing it. */
const alignmentElements = 16

/** Lays tensors out one after another, each on a 64-byte boundary. */
export function layOutVector(shapes: readonly (readonly number[])[]): {
  parts: VectorPart[]
  elementCount: number
} {
  const parts: VectorPart[] = []
  let next = 0
  for (const shape of shapes) {
    const elementCount = util.sizeFromShape([...shape])
    parts.push({ elementOffset: next, elementCount, shape })
    next += Math.ceil(elementCount / alignmentElements) * alignmentElements
  }
  return { parts, elementCount: next }
}
