import koffi from 'koffi'
import type { OpAttribute } from './attributes.js'
import type { Pointer } from './c-api/prototype.js'
import type { CApi } from './library.js'
import { memoryCopy } from './memory.js'
import { decodeInputArguments, type InputArgument } from './protos.js'
import { throwIfFailed } from './status.js'

/**
 * How operations declare their inputs. tfjs's kernels hand over a flat row of tensors; operations such as
 * ConcatV2 take some of them as one list, and a graph insists on the difference.
 */
export class OpDefinitions {
  private readonly argumentsByName = new Map<string, InputArgument[]>()

  constructor(private readonly api: CApi) {}

  /** `inputs` with those of list-valued arguments gathered into arrays. */
  group<T>(opName: string, inputs: readonly T[], attributes: readonly OpAttribute[]): (T | T[])[] {
    const declared = this.inputArguments(opName)
    if (!declared.some((argument) => argument.list)) return [...inputs]
    const lists = declared.filter((argument) => argument.list).length
    const grouped: (T | T[])[] = []
    let position = 0
    for (const argument of declared) {
      if (argument.list) {
        const length =
          lists === 1
            ? inputs.length - (declared.length - 1)
            : listLength(argument.lengthAttribute, attributes)
        grouped.push(inputs.slice(position, position + length))
        position += length
      } else {
        grouped.push(inputs[position++] as T)
      }
    }
    return grouped
  }

  private inputArguments(opName: string): InputArgument[] {
    const known = this.argumentsByName.get(opName)
    if (known !== undefined) return known
    const { graph, eager } = this.api
    const emptyGraph = graph.newGraph()
    const buffer = graph.newBuffer()
    const status = eager.newStatus()
    try {
      graph.opDefinition(emptyGraph, opName, buffer, status)
      throwIfFailed(this.api, status, () => opName)
      const inputArguments = decodeInputArguments(bytesOf(buffer))
      this.argumentsByName.set(opName, inputArguments)
      return inputArguments
    } finally {
      eager.deleteStatus(status)
      graph.deleteBuffer(buffer)
      graph.deleteGraph(emptyGraph)
    }
  }
}

function listLength(attributeName: string, attributes: readonly OpAttribute[]): number {
  return Number(attributes.find((attribute) => attribute.name === attributeName)?.value ?? 0)
}

const bufferHeader = koffi.struct('TF_Buffer', { data: 'void *', length: 'size_t', deallocator: 'void *' })

/** A copy of a TF_Buffer's bytes. */
function bytesOf(buffer: Pointer): Uint8Array {
  const { data, length } = koffi.decode(buffer, bufferHeader) as { data: Pointer; length: number }
  const bytes = new Uint8Array(length)
  memoryCopy(bytes, data, length)
  return bytes
}
