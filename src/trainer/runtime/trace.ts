import type { DataId, Variable } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import { attribute, type OpAttribute } from './attributes.js'
import type { GraphOutput, Pointer } from './c-api/prototype.js'
import type { TensorFlowContext } from './context.js'
import { dtypes, sizeOf } from './dtype.js'
import type { Entries } from './entries.js'
import { Graph } from './graph.js'
import { refuseLargeTensor } from './largest-tensor.js'
import type { OpDefinitions } from './op-definitions.js'
import type { ResourceVariable } from './resource-variable.js'
import { isAddingGradients } from './with-device.js'

/** Constants above this would bloat the graph; they become inputs instead. */
const largestConstantBytes = 64 * 1024
/** Below this a constant is as small as the operations that would fill it. */
const smallestFilledElements = 16

/** A variable of the step's state, as the graph sees it. */
export interface TracedVariable {
  readonly resource: ResourceVariable
  /** Output of the VarHandleOp. */
  readonly handle: GraphOutput
  /** ReadVariableOps since the last write; usually the one of the value at entry. */
  reads: GraphOutput[]
  /** The last operation that wrote it. */
  lastWrite: Pointer | null
  /** The data by which the tfjs variable stands for it; another one means that the step assigned it. */
  boundTo: DataId | null
}

/** The graph of one step while it is being recorded, and what it takes from outside. */
export class Trace {
  readonly graph: Graph
  /** Operations that must run on every call: assignments and in-place updates. */
  readonly effects = new Set<Pointer>()
  readonly variables = new Map<Variable, TracedVariable>()
  /** Variables outside the step's state, by their data. Reading one would freeze its present value. */
  readonly foreignVariables = new Map<DataId, string>()
  /** Data that came into being inside the step; the rest is captured. */
  readonly ownData = new WeakSet<DataId>()
  /** What several devices have each computed of a gradient that is then added up, by the operations they are made by. */
  readonly addends = new Set<Pointer>()
  private readonly sumsOverDevices = new Set<Pointer>()
  private readonly captured = new Map<number, { placeholder: GraphOutput; handle: Pointer }>()

  constructor(
    readonly stepName: string,
    private readonly context: TensorFlowContext,
    private readonly entries: Entries,
    private readonly definitions: OpDefinitions,
  ) {
    this.graph = new Graph(context)
  }

  /** Values from outside that the function takes as inputs after its own, in order. */
  get captures(): readonly { placeholder: GraphOutput; handle: Pointer }[] {
    return [...this.captured.values()]
  }

  addOperation(
    name: string,
    attributes: readonly OpAttribute[],
    ids: readonly number[],
    outputCount: number,
    device: string,
  ): { output: GraphOutput; dtype: number; shape: number[] }[] {
    const symbols = ids.map((id) => this.symbolOf(id))
    const inputs = this.definitions.group(name, symbols, attributes)
    const ownDevice = isAddingGradients() ? this.commonDevice(symbols) : device
    const operation = { type: name, inputs, attributes, outputCount, device: ownDevice ?? device }
    const outputs = this.graph.add(operation)
    if (ownDevice === null) this.noteSumOverDevices(symbols, outputs)
    return outputs.map((output) => {
      const { dtype, shape } = this.graph.describe(output)
      if (shape?.includes(-1)) throw this.unknownShape(name, shape)
      if (shape !== null) refuseLargeTensor(name, { dtype, shape, device: operation.device })
      // Outputs without even a rank (FusedBatchNormV3's reserve space) only travel to another operation.
      return { output, dtype, shape: shape ?? [] }
    })
  }

  /** Host values that the step makes: a constant, a fill, or (large and not uniform) an input. */
  addValues(
    dtype: number,
    shape: readonly number[],
    values: ArrayLike<number> & ArrayBufferView,
    device: string,
  ): GraphOutput {
    const first = values[0]
    const isUniform = () => {
      for (let index = 1; index < values.length; index++) if (values[index] !== first) return false
      return true
    }
    if (sizeOf(shape) >= smallestFilledElements && dtype !== dtypes.int64 && isUniform()) {
      return this.graph.fill(dtype, shape, first as number, device)
    }
    if (values.byteLength <= largestConstantBytes) {
      return this.graph.constant(dtype, shape, values, device)
    }
    const handle = this.context.createHandle(dtype, shape, values)
    return this.capture(-this.captured.size - 1, handle)
  }

  /** The graph output that an id stands for; values from outside become inputs of the function. */
  symbolOf(id: number): GraphOutput {
    const entry = this.entries.get(id)
    switch (entry?.kind) {
      case 'symbol':
        if (entry.trace !== this) throw this.staleSymbol()
        return entry.output
      case 'unread': {
        if (entry.trace !== this) throw this.staleSymbol()
        const output = entry.read()
        this.entries.replace(id, { ...entry, kind: 'symbol', output })
        return output
      }
      case 'handle': {
        const known = this.captured.get(id)
        return known?.placeholder ?? this.capture(id, this.context.share(entry.handle))
      }
      case 'variable':
      case undefined:
        throw this.staleSymbol()
    }
  }

  /** Reads a state variable's value: the one at entry, or after its in-place update. */
  readVariable(variable: TracedVariable): GraphOutput {
    const output = this.graph.single({
      type: 'ReadVariableOp',
      inputs: [variable.handle],
      attributes: [attribute.type('dtype', variable.resource.dtype)],
      outputCount: 1,
      device: variable.resource.device,
      after: variable.lastWrite === null ? [] : [variable.lastWrite],
    })
    variable.reads.push(output)
    return output
  }

  /** Writes a new value to a state variable, on every call. */
  assignVariable(variable: TracedVariable, value: GraphOutput): void {
    const write = this.graph.addWithoutOutputs({
      type: 'AssignVariableOp',
      inputs: [variable.handle, value],
      attributes: [attribute.type('dtype', variable.resource.dtype)],
      outputCount: 0,
      device: variable.resource.device,
      after: this.usesOf(variable),
    })
    this.recordWrite(variable, write)
  }

  recordWrite(variable: TracedVariable, write: Pointer): void {
    variable.lastWrite = write
    variable.reads = []
    this.effects.add(write)
  }

  /**
   * What a write has to wait for: the write before, the reads since, so that they see the old value, and
   * whatever uses what they read, since TensorFlow copies a variable whose value is still held when it is
   * written in place.
   */
  usesOf(variable: TracedVariable): Pointer[] {
    const write = variable.lastWrite === null ? [] : [variable.lastWrite]
    return [...write, ...variable.reads.flatMap((read) => [read.oper, ...this.graph.consumersOf(read)])]
  }

  addVariable(variable: Variable, resource: ResourceVariable): TracedVariable {
    const handle = this.graph.single({
      type: 'VarHandleOp',
      inputs: [],
      attributes: resource.handleAttributes,
      outputCount: 1,
      device: resource.device,
    })
    const traced: TracedVariable = { resource, handle, reads: [], lastWrite: null, boundTo: null }
    this.variables.set(variable, traced)
    return traced
  }

  /** Frees the graph; captured handles too unless a finished function took them over. */
  dispose({ keepCaptures }: { keepCaptures: boolean }): void {
    if (!keepCaptures) for (const { handle } of this.captured.values()) this.context.deleteHandle(handle)
    this.graph.dispose()
  }

  private capture(id: number, handle: Pointer): GraphOutput {
    const placeholder = this.graph.placeholder(this.context.describe(handle))
    this.captured.set(id, { placeholder, handle })
    return placeholder
  }

  private noteSumOverDevices(addends: readonly GraphOutput[], sums: readonly GraphOutput[]): void {
    for (const { oper } of addends) if (!this.sumsOverDevices.has(oper)) this.addends.add(oper)
    for (const { oper } of sums) this.sumsOverDevices.add(oper)
  }

  /** The device on which all of these are made; null where they are on several, or it is left to TensorFlow. */
  private commonDevice(outputs: readonly GraphOutput[]): string | null {
    const [first = '', ...others] = new Set(outputs.map(({ oper }) => this.graph.deviceOf(oper)))
    return first === '' || others.length > 0 ? null : first
  }

  private unknownShape(name: string, shape: readonly number[]): TandemError {
    return new TandemError({
      code: 'trace-unknown-shape',
      message: `step "${this.stepName}": ${name} has a shape that depends on values ([${shape.join(', ')}])`,
      hint: 'A compiled step needs shapes that are known beforehand.',
    })
  }

  private staleSymbol(): TandemError {
    return new TandemError({
      code: 'trace-stale',
      message: `step "${this.stepName}" uses a tensor that belongs to another compiled step or is disposed`,
      hint: 'Return tensors from the step that made them and pass them in as inputs.',
    })
  }
}
