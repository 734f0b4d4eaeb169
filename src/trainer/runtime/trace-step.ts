import { type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import type { Step } from '../backend.js'
import { attribute } from './attributes.js'
import type { GraphOutput, Pointer } from './c-api/prototype.js'
import type { HandleDescription, TensorFlowContext } from './context.js'
import type { TensorFlowKernelBackend } from './kernel-backend.js'
import type { ResourceVariable } from './resource-variable.js'
import { Trace } from './trace.js'
import { bindVariable, restoreVariables, snapshotVariables, writeState } from './traced-variables.js'
import { withoutRandomness } from './without-randomness.js'

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
