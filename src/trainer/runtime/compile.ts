import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import type { CompiledStep, CompileOptions, Step } from '../backend.js'
import { loweringVersion } from '../kernels/lowering-choices.js'
import { attribute } from './attributes.js'
import type { Pointer } from './c-api/prototype.js'
import type { HandleDescription, TensorFlowContext } from './context.js'
import type { TensorFlowKernelBackend } from './kernel-backend.js'
import type { ResourceVariable } from './resource-variable.js'
import type { StepState } from './state.js'
import { type TracedStep, traceStep } from './trace-step.js'

/** What a compiled step needs of the runtime it belongs to. */
export interface CompileEnvironment {
  context: TensorFlowContext
  backend: TensorFlowKernelBackend
  state: StepState
  /** Where the function is called from; its operations may name other devices. */
  device: string
  /** A ConfigProto whose rewriter settings apply to the functions (mixed precision); empty for none. */
  functionConfig: Uint8Array
  onDispose(step: CompiledStep): void
}

/** A step that runs as one TF_Function a set of input shapes. Owns its functions and its share of the state. */
export class TracedCompiledStep implements CompiledStep {
  private readonly traced = new Map<string, TracedStep>()
  private tracedVersion = loweringVersion()
  private readonly resources: ReadonlyMap<Variable, ResourceVariable>
  private running = false

  constructor(
    private readonly environment: CompileEnvironment,
    private readonly step: Step,
    private readonly options: CompileOptions,
  ) {
    this.resources = new Map(
      options.state.map((variable) => [variable, environment.state.retain(variable)] as const),
    )
  }

  get functionCount(): number {
    return this.traced.size
  }

  /** Operations in the graph for these inputs. */
  operationCount(...inputs: Tensor[]): number {
    return this.tracedFor(inputs).operationCount
  }

  prepare(...inputs: Tensor[]): void {
    this.tracedFor(inputs)
  }

  async run(...inputs: Tensor[]): Promise<Tensor[]> {
    if (this.running) throw overlapping(this.options.name)
    this.running = true
    const { context, backend, device, functionConfig } = this.environment
    try {
      const traced = this.tracedFor(inputs)
      for (const variable of this.resources.keys()) this.environment.state.synchronise(variable)
      const handles = await context.executeAsync({
        name: traced.name,
        inputs: [...inputs.map((input) => this.handleOf(input)), ...traced.captures],
        attributes: functionConfig.byteLength === 0 ? [] : [attribute.string('config_proto', functionConfig)],
        outputCount: traced.outputs.length,
        device,
      })
      return handles.map((handle, index) =>
        backend.createOutputTensor(this.adopt(handle, traced.outputs[index] as HandleDescription)),
      )
    } finally {
      this.running = false
    }
  }

  dispose(): void {
    this.forgetTraced()
    for (const variable of this.resources.keys()) this.environment.state.release(variable)
    this.environment.onDispose(this)
  }

  private forgetTraced(): void {
    for (const { name, captures } of this.traced.values()) {
      this.environment.context.removeFunction(name)
      for (const handle of captures) this.environment.context.deleteHandle(handle)
    }
    this.traced.clear()
  }

  private tracedFor(inputs: readonly Tensor[]): TracedStep {
    if (this.tracedVersion !== loweringVersion()) this.forgetTraced()
    this.tracedVersion = loweringVersion()
    const { binding } = this.environment.backend
    const descriptions = inputs.map((input) => ({
      dtype: binding.dtypeOf(this.environment.backend.idOf(input)),
      shape: input.shape,
    }))
    const key = descriptions.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join(' ')
    let traced = this.traced.get(key)
    if (traced === undefined) {
      traced = traceStep(this.environment.context, this.environment.backend, {
        name: this.options.name,
        step: this.step,
        inputs: descriptions,
        state: this.resources,
      })
      this.traced.set(key, traced)
    }
    return traced
  }

  private handleOf(input: Tensor): Pointer {
    const { backend } = this.environment
    const entry = backend.binding.entries.get(backend.idOf(input))
    if (entry?.kind === 'handle') return entry.handle
    throw new TandemError({
      code: 'compile-input',
      message: `an input of step "${this.options.name}" is not an ordinary tensor`,
      hint: 'Pass tensors with values; variables belong in `state`.',
    })
  }

  private adopt(handle: Pointer, { dtype, shape }: HandleDescription) {
    const { entries } = this.environment.backend.binding
    return { id: entries.add({ kind: 'handle', handle, dtype, shape }), dtype, shape: [...shape] }
  }
}

function overlapping(name: string): TandemError {
  return new TandemError({
    code: 'compile-overlap',
    message: `step "${name}" is called again before its last call ended`,
    hint: 'Await each call: steps update their state in place.',
  })
}
