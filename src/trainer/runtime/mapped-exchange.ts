import type { Tensor } from '@tensorflow/tfjs-core'
import type { MappedVectors, SliceReducer } from '../collectives/all-reduce.js'
import type { TensorExchange } from '../collectives/tensor-exchange.js'
import type { VectorPart } from '../collectives/vector-layout.js'
import { attribute } from './attributes.js'
import type { Pointer } from './c-api/prototype.js'
import { dtypes } from './dtype.js'
import { memoryCopy } from './memory.js'
import type { TensorFlowBackend } from './tensorflow-backend.js'

const bytesPerElement = Float32Array.BYTES_PER_ELEMENT

/**
 * Exchange without passing through JavaScript: gradients are copied from TensorFlow's memory straight into the
 * mapping, and the sums are tensors that alias it, made once. Owns `reducer`, which works on the same mapping.
 */
export function exchangeByMapping(
  backend: TensorFlowBackend,
  mapping: MappedVectors,
  rank: number,
  parts: readonly VectorPart[],
  reducer: MappedReducer,
): TensorExchange {
  const { context, kernels } = backend
  const contribution = mapping.contributions[rank] as Pointer
  const sums = parts.map(({ elementOffset, shape }): Tensor => {
    const address = mapping.sum + BigInt(elementOffset * bytesPerElement)
    const alias = context.createAlias(dtypes.float32, shape, address)
    return kernels.createOutputTensor(kernels.binding.adopt(alias))
  })
  return {
    write(tensors) {
      tensors.forEach((source, index) => {
        const { elementOffset } = parts[index] as VectorPart
        const target = contribution + BigInt(elementOffset * bytesPerElement)
        const { handle, release } = kernels.binding.borrowHandle(kernels.idOf(source), 'exchanging gradients')
        context.withHostMemory(handle, (address, bytes) => memoryCopy(target, address, bytes))
        release()
      })
    },
    sums: () => sums,
    release() {},
    dispose() {
      for (const sum of sums) sum.dispose()
      reducer.dispose()
    },
  }
}

export interface MappedReducer {
  readonly reduceSlice: SliceReducer
  dispose(): void
}

/**
 * Adds a rank's slice of all contributions by TensorFlow's vectorised AddN, on tensors that alias the mapping.
 * Owns those tensors until `dispose`; they are made at the first sum.
 */
export function createMappedReducer(backend: TensorFlowBackend): MappedReducer {
  const { context } = backend
  let addends: Pointer[] = []
  return {
    reduceSlice({ contributions, sum, slice: { elementOffset, elementCount } }) {
      if (elementCount === 0) return
      const byteOffset = BigInt(elementOffset * bytesPerElement)
      if (addends.length === 0) {
        addends = contributions.map((address) =>
          context.createAlias(dtypes.float32, [elementCount], address + byteOffset),
        )
      }
      const [total] = context.execute({
        name: 'AddN',
        inputs: [addends],
        attributes: [attribute.int('N', addends.length), attribute.type('T', dtypes.float32)],
        outputCount: 1,
        device: backend.devices[0] as string,
      }) as [Pointer]
      context.withHostMemory(total, (address, bytes) => memoryCopy(sum + byteOffset, address, bytes))
      context.deleteHandle(total)
    },
    dispose() {
      for (const handle of addends) context.deleteHandle(handle)
      addends = []
    },
  }
}
