import { type AttributeFunctions, int64s, type OpAttribute, writeAttributes } from './attributes.js'
import type { Pointer } from './c-api/prototype.js'
import { bytesPerElement, type HostValues, sizeOf, toBytes, viewAs } from './dtype.js'
import type { CApi } from './library.js'
import { doNothing, memoryCopy } from './memory.js'
import { throwIfFailed } from './status.js'

/** What one eager operation or function call is made of. Lists are inputs of list-valued arguments. */
export interface Execution {
  name: string
  inputs: readonly (Pointer | readonly Pointer[])[]
  attributes: readonly OpAttribute[]
  outputCount: number
  /** '' lets TensorFlow choose. */
  device: string
}

/** A handle's type and shape, known without waiting for its value. */
export interface HandleDescription {
  dtype: number
  shape: number[]
}

/**
 * One eager context: executes operations and functions, moves tensors in and out. Owns the native context
 * until `dispose`; handles returned from here belong to the caller.
 */
export class TensorFlowContext {
  readonly devices: readonly string[]
  /** For calls on this thread only, which never overlap. Asynchronous calls have one each. */
  private readonly status: Pointer
  private readonly context: Pointer
  private readonly attributeFunctions: AttributeFunctions
  private handleCount = 0

  constructor(
    readonly api: CApi,
    config: Uint8Array,
    /** A ServerDef when this process is one of a group that runs TensorFlow's collectives. */
    server: Uint8Array | null = null,
  ) {
    this.status = api.eager.newStatus()
    this.attributeFunctions = {
      ...api.eager,
      setShape: (op, name, dimensions, rank) => api.eager.setShape(op, name, dimensions, rank, this.status),
    }
    const options = api.eager.newContextOptions()
    try {
      api.eager.setConfig(options, config, config.byteLength, this.status)
      this.check(() => 'configuring TensorFlow')
      const copySilently = 2
      api.eager.setPlacementPolicy(options, copySilently)
      this.context = api.eager.newContext(options, this.status)
      this.check(() => 'starting TensorFlow')
    } finally {
      api.eager.deleteContextOptions(options)
    }
    if (server !== null) {
      api.eager.enableCollectives(this.context, server, server.byteLength, this.status)
      this.check(() => 'joining the group of trainers')
    }
    this.devices = this.listDevices()
  }

  /** Handles given out and not yet deleted. */
  get liveHandles(): number {
    return this.handleCount
  }

  /** A tensor on the host with a copy of `values`. */
  createHandle(
    dtype: number,
    shape: readonly number[],
    values: ArrayLike<number> | ArrayBufferView,
  ): Pointer {
    const bytes = toBytes(dtype, values)
    const tensor = this.api.tensor.allocateTensor(dtype, int64s(shape), shape.length, bytes.byteLength)
    memoryCopy(this.api.tensor.tensorData(tensor), bytes, bytes.byteLength)
    return this.wrapTensor(tensor)
  }

  /**
   * A tensor whose values are the memory at `address`, shared and not copied: who changes that memory while
   * an operation reads it gets wrong results, and it must outlive the handle. 64-byte alignment required.
   */
  createAlias(dtype: number, shape: readonly number[], address: Pointer): Pointer {
    const bytes = sizeOf(shape) * bytesPerElement(dtype)
    const tensor = this.api.tensor.newTensor(
      dtype,
      int64s(shape),
      shape.length,
      address,
      bytes,
      doNothing,
      0n,
    )
    return this.wrapTensor(tensor)
  }

  /** A second handle to the same tensor, with its own life. */
  share(handle: Pointer): Pointer {
    const shared = this.api.tensor.copySharingTensor(handle, this.status)
    this.check(() => 'sharing a tensor')
    this.handleCount++
    return shared
  }

  deleteHandle(handle: Pointer): void {
    this.api.tensor.deleteHandle(handle)
    this.handleCount--
  }

  describe(handle: Pointer): HandleDescription {
    const rank = this.api.tensor.handleRank(handle, this.status)
    const shape = Array.from({ length: rank }, (_, index) =>
      Number(this.api.tensor.handleDimension(handle, index, this.status)),
    )
    this.check(() => 'reading a tensor shape')
    return { dtype: this.api.tensor.handleDtype(handle), shape }
  }

  /** Copies a tensor's values to JavaScript: a synchronisation point with the device. */
  read(handle: Pointer): HostValues {
    const dtype = this.api.tensor.handleDtype(handle)
    const bytes = this.withHostMemory(handle, (address, byteLength) => {
      const copy = new Uint8Array(byteLength)
      memoryCopy(copy, address, byteLength)
      return copy
    })
    return viewAs(dtype, bytes)
  }

  /** Lets `use` see a tensor's values in host memory, for the length of the call. */
  withHostMemory<T>(handle: Pointer, use: (address: Pointer, byteLength: number) => T): T {
    const tensor = this.api.tensor.resolveHandle(handle, this.status)
    this.check(() => 'reading a tensor')
    try {
      return use(this.api.tensor.tensorData(tensor), this.api.tensor.tensorByteSize(tensor))
    } finally {
      this.api.tensor.deleteTensor(tensor)
    }
  }

  /** Executes now and returns the outputs' handles. Errors name the operation and its inputs' shapes. */
  execute(execution: Execution): Pointer[] {
    const op = this.prepare(execution)
    const outputs = new BigUint64Array(Math.max(execution.outputCount, 1))
    const count = Int32Array.of(execution.outputCount)
    this.api.eager.execute(op, outputs, count, this.status)
    this.api.eager.deleteOp(op)
    this.check(() => this.describeExecution(execution))
    return this.adopt(outputs, count)
  }

  /** The same on another thread, so that this one stays responsive while a step computes. */
  async executeAsync(execution: Execution): Promise<Pointer[]> {
    const op = this.prepare(execution)
    const outputs = new BigUint64Array(Math.max(execution.outputCount, 1))
    const count = Int32Array.of(execution.outputCount)
    const status = this.api.eager.newStatus()
    try {
      await new Promise<void>((resolve, reject) => {
        this.api.eager.execute.async(op, outputs, count, status, (error) =>
          error === null ? resolve() : reject(error),
        )
      })
      throwIfFailed(this.api, status, () => this.describeExecution(execution))
      return this.adopt(outputs, count)
    } finally {
      this.api.eager.deleteOp(op)
      this.api.eager.deleteStatus(status)
    }
  }

  /** Makes a TF_Function callable by its name. The context keeps its own copy. */
  addFunction(fn: Pointer): void {
    this.api.eager.addFunction(this.context, fn, this.status)
    this.check(() => 'adding a compiled step')
  }

  removeFunction(name: string): void {
    this.api.eager.removeFunction(this.context, name, this.status)
    this.check(() => `removing ${name}`)
  }

  /**
   * Makes the collectives that are running, on whatever thread, fail with CANCELLED, and all later ones at
   * once. For good: TensorFlow resets this with a new context only.
   */
  abortCollectives(reason: string): void {
    const cancelled = 1
    const status = this.api.eager.newStatus()
    this.api.eager.setStatus(status, cancelled, reason)
    this.api.eager.abortCollectives(this.context, status)
    this.api.eager.deleteStatus(status)
  }

  /** Whether the process of another task of the group answers within `timeoutMs`. */
  async answers(task: string, timeoutMs: number): Promise<boolean> {
    const status = this.api.eager.newStatus()
    try {
      await new Promise<void>((resolve, reject) => {
        this.api.eager.checkPeerHealth.async(this.context, task, timeoutMs, status, (error) =>
          error === null ? resolve() : reject(error),
        )
      })
      return this.api.eager.statusCode(status) === 0
    } finally {
      this.api.eager.deleteStatus(status)
    }
  }

  dispose(): void {
    this.api.eager.deleteContext(this.context)
    this.api.eager.deleteStatus(this.status)
  }

  private prepare({ name, inputs, attributes, device }: Execution): Pointer {
    const { eager } = this.api
    const op = eager.newOp(this.context, name, this.status)
    this.check(() => name)
    try {
      if (device !== '') eager.setOpDevice(op, device, this.status)
      for (const input of inputs) {
        if (typeof input === 'bigint') eager.addInput(op, input, this.status)
        else eager.addInputList(op, BigUint64Array.from(input), input.length, this.status)
      }
      writeAttributes(this.attributeFunctions, op, attributes)
      this.check(() => name)
      return op
    } catch (thrown) {
      eager.deleteOp(op)
      throw thrown
    }
  }

  private adopt(outputs: BigUint64Array, count: Int32Array): Pointer[] {
    const handles = Array.from(outputs.subarray(0, count[0]))
    this.handleCount += handles.length
    return handles
  }

  private wrapTensor(tensor: Pointer): Pointer {
    const handle = this.api.tensor.newHandle(tensor, this.status)
    // The handle holds its own reference to the buffer.
    this.api.tensor.deleteTensor(tensor)
    this.check(() => 'creating a tensor')
    this.handleCount++
    return handle
  }

  private describeExecution({ name, inputs, device }: Execution): string {
    const shapes = inputs.flat().map((handle) => `[${this.describe(handle as Pointer).shape.join(', ')}]`)
    return `${name}(${shapes.join(', ')})${device === '' ? '' : ` on ${device}`}`
  }

  private listDevices(): string[] {
    const list = this.api.eager.listDevices(this.context, this.status)
    this.check(() => 'listing devices')
    const count = this.api.eager.deviceListCount(list)
    const names = Array.from({ length: count }, (_, index) =>
      this.api.eager.deviceListName(list, index, this.status),
    )
    this.api.eager.deleteDeviceList(list)
    return names
  }

  private check(context: () => string): void {
    throwIfFailed(this.api, this.status, context)
  }
}
