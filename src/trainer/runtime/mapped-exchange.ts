import type { Tensor } from '@tensorflow/tfjs-core'
import {
  type MappedVectors,
  type SliceReducer,
  type WireFormat,
  wireBytes,
} from '../collectives/all-reduce.js'
import type { TensorExchange } from '../collectives/tensor-exchange.js'
import type { VectorPart } from '../collectives/vector-layout.js'
import { attribute } from './attributes.js'
import type { Pointer } from './c-api/prototype.js'
import { dtypes } from './dtype.js'
import { memoryCopy } from './memory.js'
import type { TensorFlowBackend } from './tensorflow-backend.js'

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
  format: WireFormat,
): TensorExchange {
  const { context, kernels } = backend
  const contribution = mapping.contributions[rank] as Pointer
  const sums = parts.map(({ elementOffset, shape }): Tensor => {
    const address = mapping.sum + BigInt(elementOffset * wireBytes.float32)
    const alias = context.createAlias(dtypes.float32, shape, address)
    return kernels.createOutputTensor(kernels.binding.adopt(alias))
  })
  const copyTo = (target: Pointer, handle: Pointer) =>
    context.withHostMemory(handle, (address, bytes) => memoryCopy(target, address, bytes))
  return {
    format,
    write(tensors) {
      tensors.forEach((source, index) => {
        const { elementOffset } = parts[index] as VectorPart
        const target = contribution + BigInt(elementOffset * wireBytes[format])
        const { handle, release } = kernels.binding.borrowHandle(kernels.idOf(source), 'exchanging gradients')
        if (format === 'float32') {
          copyTo(target, handle)
        } else {
          const rounded = cast(backend, handle, 'float32', format)
          copyTo(target, rounded)
          context.deleteHandle(rounded)
        }
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

/** What is added at once: all ranks' parts and their sum stay in the second-level cache until they are copied. */
const chunkElements = 64 * 1024

/** A run of the slice: each rank's part of it as a tensor, and where its sum belongs. */
interface Chunk {
  addends: Pointer[]
  sum: Pointer
}

/**
 * Adds a rank's slice of all contributions by TensorFlow's vectorised AddN, on tensors that alias the mapping.
 * Owns those tensors until `dispose`; they are made at the first sum in their format.
 */
export function createMappedReducer(backend: TensorFlowBackend): MappedReducer {
  const { context } = backend
  const chunks: Record<WireFormat, Chunk[]> = { float32: [], bfloat16: [] }

  function chunksOf({ contributions, sum, slice }: MappedVectors, format: WireFormat): Chunk[] {
    if (chunks[format].length > 0) return chunks[format]
    const end = slice.elementOffset + slice.elementCount
    for (let start = slice.elementOffset; start < end; start += chunkElements) {
      const shape = [Math.min(chunkElements, end - start)]
      chunks[format].push({
        addends: contributions.map((address) =>
          context.createAlias(dtypes[format], shape, address + BigInt(start * wireBytes[format])),
        ),
        sum: sum + BigInt(start * wireBytes.float32),
      })
    }
    return chunks[format]
  }

  function addChunk(addends: readonly Pointer[], target: Pointer): void {
    const [total] = context.execute({
      name: 'AddN',
      inputs: [addends],
      attributes: [attribute.int('N', addends.length), attribute.type('T', dtypes.float32)],
      outputCount: 1,
      device: backend.devices[0] as string,
    }) as [Pointer]
    context.withHostMemory(total, (address, bytes) => memoryCopy(target, address, bytes))
    context.deleteHandle(total)
  }

  return {
    reduceSlice(mapping, format) {
      for (const { addends, sum } of chunksOf(mapping, format)) {
        if (format === 'float32') {
          addChunk(addends, sum)
          continue
        }
        const widened = addends.map((handle) => cast(backend, handle, format, 'float32'))
        addChunk(widened, sum)
        for (const handle of widened) context.deleteHandle(handle)
      }
    },
    dispose() {
      for (const { addends } of [...chunks.float32, ...chunks.bfloat16]) {
        for (const handle of addends) context.deleteHandle(handle)
      }
      chunks.float32 = []
      chunks.bfloat16 = []
    },
  }
}

/** TensorFlow's own cast, which rounds to the nearest, ties to even. The caller deletes the result. */
function cast(
  { context, devices }: TensorFlowBackend,
  handle: Pointer,
  from: WireFormat,
  to: WireFormat,
): Pointer {
  const [result] = context.execute({
    name: 'Cast',
    inputs: [handle],
    attributes: [attribute.type('SrcT', dtypes[from]), attribute.type('DstT', dtypes[to])],
    outputCount: 1,
    device: devices[0] as string,
  }) as [Pointer]
  return result
}
