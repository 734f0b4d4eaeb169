import { attribute, int64s, type OpAttribute, writeAttributes } from './attributes.js'
import type { GraphOutput, Pointer } from './c-api/prototype.js'
import type { HandleDescription, TensorFlowContext } from './context.js'
import { dtypes, toBytes } from './dtype.js'
import { memoryCopy } from './memory.js'
import { throwIfFailed } from './status.js'

export interface Operation {
  type: string
  /** Lists are inputs of list-valued arguments. */
  inputs: readonly (GraphOutput | readonly GraphOutput[])[]
  attributes: readonly OpAttribute[]
  outputCount: number
  device: string
  /** Operations that must have run before this one. */
  after?: readonly Pointer[]
}

/** A graph under construction. Owns the native graph until `dispose`. */
export class Graph {
  private readonly graph: Pointer
  private readonly status: Pointer
  private operationCount = 0
  private largestConstant = 0

  constructor(private readonly context: TensorFlowContext) {
    this.graph = context.api.graph.newGraph()
    this.status = context.api.eager.newStatus()
  }

  get size(): number {
    return this.operationCount
  }

  get largestConstantBytes(): number {
    return this.largestConstant
  }

  /** Adds an operation. Errors are TensorFlow's own (shapes and types are checked here), with the inputs' shapes. */
  add(operation: Operation): GraphOutput[] {
    const oper = this.addWithoutOutputs(operation)
    return Array.from({ length: operation.outputCount }, (_, index) => ({ oper, index }))
  }

  /** Adds an operation that is run for its effect; the result names it as a control input or output. */
  addWithoutOutputs({ type, inputs, attributes, device, after = [] }: Operation): Pointer {
    const { graph } = this.context.api
    const description = graph.newOperation(this.graph, type, `${type}_${this.operationCount++}`)
    if (device !== '') graph.setDevice(description, device)
    for (const input of inputs) {
      if ('oper' in input) graph.addInput(description, input)
      else graph.addInputList(description, input, input.length)
    }
    for (const earlier of after) graph.addControlInput(description, earlier)
    writeAttributes(graph, description, attributes)
    const oper = graph.finishOperation(description, this.status)
    this.check(() => this.describeOperation(type, inputs.flat() as GraphOutput[], device))
    return oper
  }

  placeholder({ dtype, shape }: HandleDescription): GraphOutput {
    const attributes = [attribute.type('dtype', dtype), attribute.shape('shape', shape)]
    return this.single({ type: 'Placeholder', inputs: [], attributes, outputCount: 1, device: '' })
  }

  constant(
    dtype: number,
    shape: readonly number[],
    values: ArrayLike<number> | ArrayBufferView,
    device: string,
  ): GraphOutput {
    const { graph, tensor: tensors } = this.context.api
    const bytes = toBytes(dtype, values)
    this.largestConstant = Math.max(this.largestConstant, bytes.byteLength)
    const tensor = tensors.allocateTensor(dtype, int64s(shape), shape.length, bytes.byteLength)
    try {
      memoryCopy(tensors.tensorData(tensor), bytes, bytes.byteLength)
      const description = graph.newOperation(this.graph, 'Const', `Const_${this.operationCount++}`)
      if (device !== '') graph.setDevice(description, device)
      graph.setType(description, 'dtype', dtype)
      graph.setTensor(description, 'value', tensor, this.status)
      const oper = graph.finishOperation(description, this.status)
      this.check(() => `Const [${shape.join(', ')}]`)
      return { oper, index: 0 }
    } finally {
      tensors.deleteTensor(tensor)
    }
  }

  /** A tensor of one repeated value: a few bytes in the graph whatever its shape. */
  fill(dtype: number, shape: readonly number[], value: number, device: string): GraphOutput {
    const dimensions = this.constant(dtypes.int32, [shape.length], shape, device)
    const filler = this.constant(dtype, [], [value], device)
    const attributes = [attribute.type('T', dtype), attribute.type('index_type', dtypes.int32)]
    return this.single({ type: 'Fill', inputs: [dimensions, filler], attributes, outputCount: 1, device })
  }

  single(operation: Operation): GraphOutput {
    return this.add(operation)[0] as GraphOutput
  }

  /** Type and shape; a dimension that is not known is -1, an unknown rank null. */
  describe(output: GraphOutput): { dtype: number; shape: number[] | null } {
    const { graph } = this.context.api
    const rank = graph.outputRank(this.graph, output, this.status)
    this.check(() => 'reading a traced shape')
    const dtype = graph.outputDtype(output)
    if (rank < 0) return { dtype, shape: null }
    const dimensions = int64s(Array.from({ length: rank }, () => 0))
    if (rank > 0) graph.outputShape(this.graph, output, dimensions, rank, this.status)
    this.check(() => 'reading a traced shape')
    return { dtype, shape: Array.from(dimensions.subarray(0, rank), Number) }
  }

  /** The operations that read `output` so far, each once. */
  consumersOf(output: GraphOutput): Pointer[] {
    const { graph } = this.context.api
    const count = graph.consumerCount(output)
    const pairs = new BigUint64Array(Math.max(count * 2, 2))
    graph.consumers(output, pairs, count)
    return [...new Set(Array.from({ length: count }, (_, index) => pairs[index * 2] as Pointer))]
  }

  deviceOf(oper: Pointer): string {
    return this.context.api.graph.operationDevice(oper)
  }

  /**
   * Makes the graph callable in the context as `name`. `effects` are operations that run on every call
   * although no output depends on them.
   */
  toFunction(
    name: string,
    inputs: readonly GraphOutput[],
    outputs: readonly GraphOutput[],
    effects: readonly Pointer[],
  ): void {
    const wholeGraph = -1
    const controlOutputs = BigUint64Array.from(effects.length === 0 ? [0n] : effects)
    const fn = this.context.api.graph.graphToFunction(
      this.graph,
      name,
      0,
      wholeGraph,
      null,
      inputs.length,
      inputs,
      outputs.length,
      outputs,
      null,
      effects.length,
      controlOutputs,
      null,
      null,
      null,
      this.status,
    )
    this.check(() => `compiling ${name}`)
    try {
      this.context.addFunction(fn)
    } finally {
      this.context.api.graph.deleteFunction(fn)
    }
  }

  dispose(): void {
    this.context.api.graph.deleteGraph(this.graph)
    this.context.api.eager.deleteStatus(this.status)
  }

  private describeOperation(type: string, inputs: readonly GraphOutput[], device: string): string {
    const shapes = inputs.map((input) => `[${this.describe(input).shape?.join(', ') ?? '?'}]`)
    return `${type}(${shapes.join(', ')})${device === '' ? '' : ` on ${device}`}`
  }

  private check(context: () => string): void {
    throwIfFailed(this.context.api, this.status, context)
  }
}
