import { engine } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import { attributeKinds, type OpAttribute } from './attributes.js'
import type { Pointer } from './c-api/prototype.js'
import type { TensorFlowContext } from './context.js'
import { dtypes, type HostValues, toBytes, viewAs } from './dtype.js'
import { Entries } from './entries.js'
import { OpDefinitions } from './op-definitions.js'
import type { Trace } from './trace.js'

/** An output as tfjs-node's backend wants it described. */
export interface OutputMetadata {
  id: number
  shape: number[]
  dtype: number
}

/**
 * tfjs-node's `TFJSBinding` over TensorFlow's C API: the one interface between tfjs's kernels and native
 * code. Operations run at once, or, while `trace` is set, are recorded into its graph.
 */
export class TensorFlowBinding {
  readonly entries = new Entries()
  readonly definitions: OpDefinitions
  trace: Trace | null = null
  /** Device for the operations that follow; '' leaves it to TensorFlow. Set through `withDevice`. */
  device = ''

  readonly TF_FLOAT = dtypes.float32
  readonly TF_INT32 = dtypes.int32
  readonly TF_INT64 = dtypes.int64
  readonly TF_BOOL = dtypes.bool
  readonly TF_UINT8 = dtypes.uint8
  readonly TF_STRING = dtypes.string
  readonly TF_COMPLEX64 = dtypes.complex64
  readonly TF_RESOURCE = dtypes.resource
  readonly TF_ATTR_STRING = attributeKinds.string
  readonly TF_ATTR_INT = attributeKinds.int
  readonly TF_ATTR_FLOAT = attributeKinds.float
  readonly TF_ATTR_BOOL = attributeKinds.bool
  readonly TF_ATTR_TYPE = attributeKinds.type
  readonly TF_ATTR_SHAPE = attributeKinds.shape
  readonly TF_ATTR_RESOURCE = 6
  readonly TF_Version: string

  constructor(readonly context: TensorFlowContext) {
    this.definitions = new OpDefinitions(context.api)
    this.TF_Version = context.api.eager.version()
  }

  isUsingGpuDevice(): boolean {
    return this.context.devices.some((device) => device.includes(':GPU:'))
  }

  createTensor(shape: number[], dtype: number, values: ArrayLike<number> | ArrayBufferView): number {
    const { trace } = this
    if (trace === null) return this.createValue(shape, dtype, values)
    const typed = viewAs(dtype, toBytes(dtype, values))
    const output = trace.addValues(dtype, shape, typed, this.device)
    return this.entries.add({ kind: 'symbol', trace, output, dtype, shape })
  }

  /** Uploads at once, also in the middle of a trace. */
  createValue(shape: readonly number[], dtype: number, values: ArrayLike<number> | ArrayBufferView): number {
    return this.adopt(this.context.createHandle(dtype, shape, values)).id
  }

  deleteTensor(id: number): void {
    const entry = this.entries.remove(id)
    if (entry?.kind === 'handle') this.context.deleteHandle(entry.handle)
  }

  tensorDataSync(id: number): HostValues {
    const { handle, release } = this.borrowHandle(id, 'reading a value')
    try {
      return this.context.read(handle)
    } finally {
      release()
    }
  }

  executeOp(name: string, attributes: OpAttribute[], ids: number[], outputCount: number): OutputMetadata[] {
    const { trace } = this
    if (trace !== null) {
      return trace
        .addOperation(name, attributes, ids, outputCount, this.device)
        .map(({ output, dtype, shape }) => ({
          id: this.entries.add({ kind: 'symbol', trace, output, dtype, shape }),
          dtype,
          shape,
        }))
    }
    const borrowed = ids.map((id) => this.borrowHandle(id, name))
    try {
      const handles = borrowed.map(({ handle }) => handle)
      const inputs = this.definitions.group(name, handles, attributes)
      return this.context
        .execute({ name, inputs, attributes, outputCount, device: this.device })
        .map((handle) => this.adopt(handle))
    } finally {
      for (const { release } of borrowed) release()
    }
  }

  /** Takes over a handle: it is deleted with the tensor that gets the id. */
  adopt(handle: Pointer): OutputMetadata {
    const { dtype, shape } = this.context.describe(handle)
    return { id: this.entries.add({ kind: 'handle', handle, dtype, shape }), dtype, shape }
  }

  /** The type as TensorFlow has it, which for pictures (uint8) is not the one that tfjs shows. */
  dtypeOf(id: number): number {
    const entry = this.entries.get(id)
    switch (entry?.kind) {
      case 'handle':
      case 'symbol':
      case 'unread':
        return entry.dtype
      case 'variable':
        return entry.variable.dtype
      case undefined:
        throw unusable('reading a type')
    }
  }

  /** A handle for the length of one call; `release` frees it where it was made for that. */
  borrowHandle(id: number, purpose: string): { handle: Pointer; release: () => void } {
    const entry = this.entries.get(id)
    switch (entry?.kind) {
      case 'handle':
        return { handle: entry.handle, release: () => {} }
      case 'variable': {
        const handle = entry.variable.read()
        return { handle, release: () => this.context.deleteHandle(handle) }
      }
      case 'symbol':
      case 'unread':
      case undefined:
        throw unusable(purpose)
    }
  }

  getNumOfTensors(): number {
    return this.entries.size
  }

  getNumOfSavedModels(): number {
    return 0
  }

  loadSavedModel(): never {
    throw unsupported('loadSavedModel')
  }

  deleteSavedModel(): never {
    throw unsupported('deleteSavedModel')
  }

  runSavedModel(): never {
    throw unsupported('runSavedModel')
  }
}

/** The tfjs operation being executed, for error messages. */
export function currentOperation(): string {
  const name = engine().state.activeScope?.name ?? ''
  return name === '' ? 'an operation' : name
}

function unusable(purpose: string): TandemError {
  return new TandemError({
    code: 'trace-value-read',
    message: `${purpose} in ${currentOperation()}: a tensor inside a compiled step has no value yet`,
    hint: 'A compiled step is recorded once, without values: return the tensor and read it after the call.',
  })
}

function unsupported(what: string): TandemError {
  return new TandemError({
    code: 'tensorflow-unsupported',
    message: `${what} is not part of Tandem's TensorFlow binding`,
    hint: 'Tandem trains models written as tfjs programs; it does not load saved ones.',
  })
}
