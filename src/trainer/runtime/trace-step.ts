import { engine, keep, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import { TandemError, toErrorReport } from '../../shared/errors.js'
import type { Step } from '../backend.js'
import { attribute } from './attributes.js'
import { currentOperation } from './binding.js'
import type { GraphOutput, Pointer } from './c-api/prototype.js'
import type { HandleDescription, TensorFlowContext } from './context.js'
import type { TensorFlowKernelBackend } from './kernel-backend.js'
import type { ResourceVariable } from './resource-variable.js'
import { Trace, type TracedVariable } from './trace.js'

/** A step as a TF_Function: `name` in the context, its inputs followed by `captures`. */
export interface TracedStep {
  readonly name: string
  readonly captures: readonly Pointer[]
  readonly outputs: readonly HandleDescription[]
  readonly operationCount: number
}

export interface TraceRequest {
  name: string
  step: Step
  inputs: readonly HandleDescription[]
  state: ReadonlyMap<Variable, ResourceVariable>
}

let tracedSteps = 0

/**
 * Records one execution of `step` as a graph and makes it a function of the context.
 *
 * The step runs as always, on symbols instead of values: tfjs, its autodiff and the optimiser do not know the
 * difference. Whatever happens, all variables have their values again afterwards.
 * @throws TandemError with a `trace-` or `state-` code naming the operation that cannot be recorded.
 */
export function traceStep(
  context: TensorFlowContext,
  backend: TensorFlowKernelBackend,
  request: TraceRequest,
): TracedStep {
  const { binding } = backend
  if (binding.trace !== null) {
    throw new TandemError({
      code: 'trace-nested',
      message: `step "${request.name}" is compiled inside step "${binding.trace.stepName}"`,
      hint: 'Compile steps one after another.',
    })
  }
  const trace = new Trace(request.name, context, binding.entries, binding.definitions)
  const variables = snapshotVariables()
  let finished = false
  binding.trace = trace
  try {
    for (const { variable } of variables) {
      const resource = request.state.get(variable)
      if (resource === undefined) trace.foreignVariables.set(variable.dataId, variable.name)
      else bindVariable(backend, trace, variable, trace.addVariable(variable, resource))
    }
    let traced: TracedStep | null = null
    tidy(() => {
      const placeholders = request.inputs.map((description) => trace.graph.placeholder(description))
      const inputs = request.inputs.map(({ dtype, shape }, index) =>
        wrapSymbol(backend, trace, placeholders[index] as GraphOutput, dtype, shape),
      )
      const outputs = withoutRandomness(request.name, () => request.step(...inputs))
      writeState(backend, trace, request.name, variables)
      traced = finish(backend, trace, placeholders, outputs)
    })
    finished = true
    return traced as unknown as TracedStep
  } finally {
    restoreVariables(variables)
    binding.trace = null
    trace.dispose({ keepCaptures: finished })
  }
}

interface VariableSnapshot {
  variable: Variable
  /** A second reference to its data, so that assigning inside the step cannot lose it. */
  original: Tensor
}

function snapshotVariables(): VariableSnapshot[] {
  return Object.values(engine().registeredVariables).map((variable) => ({
    variable,
    original: keep(variable.clone()),
  }))
}

function restoreVariables(variables: readonly VariableSnapshot[]): void {
  for (const { variable, original } of variables) {
    if (variable.dataId !== original.dataId) variable.assign(original)
    original.dispose()
  }
}

/** Lets the variable stand for its value in the graph: read when, and only if, something uses it. */
function bindVariable(
  backend: TensorFlowKernelBackend,
  trace: Trace,
  variable: Variable,
  traced: TracedVariable,
): void {
  const { dtype, shape } = traced.resource
  const id = backend.binding.entries.add({
    kind: 'unread',
    trace,
    read: () => trace.readVariable(traced),
    dtype,
    shape,
  })
  const symbol = backend.createOutputTensor({ id, dtype, shape: [...shape] })
  variable.assign(symbol)
  symbol.dispose()
  traced.boundTo = variable.dataId
}

/**
 * Records `variable`'s update by an operation that writes in place, and lets the variable stand for what it
 * will hold afterwards. `add` builds the operation from the variables' handles and the operations it must
 * wait for.
 */
export function updateInPlace(
  backend: TensorFlowKernelBackend,
  trace: Trace,
  variables: readonly Variable[],
  add: (handles: readonly GraphOutput[], after: readonly Pointer[]) => Pointer,
): void {
  const traced = variables.map((variable) => {
    const known = trace.variables.get(variable)
    if (known === undefined) throw stateMissing(trace.stepName, 'updates', [variable.name])
    // Whoever else holds the value of before has to read it before it is gone.
    if (backend.refCount(variable.dataId) > 1) trace.symbolOf(backend.idOf(variable))
    return known
  })
  const update = add(
    traced.map(({ handle }) => handle),
    traced.flatMap((variable) => trace.usesOf(variable)),
  )
  traced.forEach((known, index) => {
    trace.recordWrite(known, update)
    bindVariable(backend, trace, variables[index] as Variable, known)
  })
}

function writeState(
  backend: TensorFlowKernelBackend,
  trace: Trace,
  stepName: string,
  before: readonly VariableSnapshot[],
): void {
  const known = new Set(before.map(({ variable }) => variable))
  const created = Object.values(engine().registeredVariables).filter((variable) => !known.has(variable))
  if (created.length > 0) {
    for (const variable of created) variable.dispose()
    throw new TandemError({
      code: 'state-created',
      message: `step "${stepName}" creates the variable ${created[0]?.name}`,
      hint: 'Create variables before compiling the step and list them in `state`.',
    })
  }
  const foreign = before.filter(
    ({ variable, original }) => !trace.variables.has(variable) && variable.dataId !== original.dataId,
  )
  if (foreign.length > 0) {
    throw stateMissing(
      stepName,
      'assigns',
      foreign.map(({ variable }) => variable.name),
    )
  }
  for (const [variable, traced] of trace.variables) {
    if (variable.dataId === traced.boundTo) continue
    trace.assignVariable(traced, trace.symbolOf(backend.idOf(variable)))
  }
}

function finish(
  backend: TensorFlowKernelBackend,
  trace: Trace,
  placeholders: readonly GraphOutput[],
  outputs: readonly Tensor[],
): TracedStep {
  const symbols = outputs.map((output) => trace.symbolOf(backend.idOf(output)))
  const results = symbols.map((symbol) => {
    const { dtype } = trace.graph.describe(symbol)
    // A copy in name only: a function must not return the same node twice, nor an input as it is.
    return trace.graph.single({
      type: 'Identity',
      inputs: [symbol],
      attributes: [attribute.type('T', dtype)],
      outputCount: 1,
      device: '',
    })
  })
  const name = `tandem_${trace.stepName.replaceAll(/\W/g, '_')}_${tracedSteps++}`
  const { captures } = trace
  trace.graph.toFunction(
    name,
    [...placeholders, ...captures.map(({ placeholder }) => placeholder)],
    results,
    [...trace.effects],
  )
  return {
    name,
    captures: captures.map(({ handle }) => handle),
    outputs: results.map((result) => trace.graph.describe(result) as HandleDescription),
    operationCount: trace.graph.size,
  }
}

function wrapSymbol(
  backend: TensorFlowKernelBackend,
  trace: Trace,
  output: GraphOutput,
  dtype: number,
  shape: readonly number[],
): Tensor {
  const id = backend.binding.entries.add({ kind: 'symbol', trace, output, dtype, shape })
  return backend.createOutputTensor({ id, dtype, shape: [...shape] })
}

/**
 * tfjs draws random tensors in JavaScript, so a recorded step would repeat the same ones for ever. Draws with
 * a seed of their own repeat in eager mode as well and are let through.
 */
function withoutRandomness<T>(stepName: string, build: () => T): T {
  const random = Math.random
  Math.random = () => {
    throw new TandemError({
      code: 'trace-random',
      message: `step "${stepName}": ${currentOperation()} draws random numbers that every call would repeat`,
      hint: 'Draw them outside and pass them in, or give the operation a seed.',
    })
  }
  try {
    return build()
  } catch (thrown) {
    if (thrown instanceof TandemError) throw thrown
    throw new TandemError(
      {
        code: 'trace-failed',
        message: `step "${stepName}" failed: ${toErrorReport(thrown).message}`,
        hint: 'Run the step eagerly to see the same failure with values.',
      },
      { cause: thrown },
    )
  } finally {
    Math.random = random
  }
}

function stateMissing(stepName: string, does: string, names: readonly string[]): TandemError {
  return new TandemError({
    code: 'state-missing',
    message: `step "${stepName}" ${does} ${names.join(', ')}, not in its state`,
    hint: 'List every variable that the step reads or assigns in `state`.',
  })
}
