import { dispose, type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { HostAllReduce, WireFormat } from './all-reduce.js'
import type { VectorPart } from './vector-layout.js'

/** How tensors get into this rank's vector and out of the sum. */
export interface TensorExchange {
  /** What tensors are rounded to on their way. */
  readonly format: WireFormat
  /** Copies tensors to their parts, in order. */
  write(tensors: readonly Tensor[]): void
  /** The sum's parts as tensors, valid until the next exchange. Hand them back to `release`. */
  sums(): Tensor[]
  release(sums: Tensor[]): void
  dispose(): void
}

/** Through JavaScript's own arrays: works on every backend and with every kind of group. */
export function exchangeByCopy(
  group: HostAllReduce,
  parts: readonly VectorPart[],
  format: WireFormat,
): TensorExchange {
  return {
    format,
    write(tensors) {
      tensors.forEach((source, index) => {
        group.write((parts[index] as VectorPart).elementOffset, source.dataSync() as Float32Array, format)
      })
    },
    sums() {
      return parts.map(({ elementOffset, elementCount, shape }) => {
        const values = new Float32Array(elementCount)
        group.read(elementOffset, values)
        return tensor(values, [...shape])
      })
    },
    release: dispose,
    dispose() {},
  }
}
