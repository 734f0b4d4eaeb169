import { engine, keep, type Tensor, type Variable } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import type { GraphOutput, Pointer } from './c-api/prototype.js'
import type { TensorFlowKernelBackend } from './kernel-backend.js'
import type { Trace, TracedVariable } from './trace.js'

export interface VariableSnapshot {
  variable: Variable
  /** A second reference to its data, so that assigning inside the step cannot lose it. */
  original: Tensor
}

/** Every variable there is, and a hold on its value. */
export function snapshotVariables(): VariableSnapshot[] {
  return Object.values(engine().registeredVariables).map((variable) => ({
    variable,
    original: keep(variable.clone()),
  }))
}

/** Gives every variable its value back and lets go of the hold. */
export function restoreVariables(variables: readonly VariableSnapshot[]): void {
  for (const { variable, original } of variables) {
    if (variable.dataId !== original.dataId) variable.assign(original)
    original.dispose()
  }
}

/** Lets the variable stand for its value in the graph: read when, and only if, something uses it. */
export function bindVariable(
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

/**
 * Writes what the step assigned to its state at the end of every call. Throws `state-missing` for a variable that
 * it assigned without having it in its state, `state-created` for one that it made.
 */
export function writeState(
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

function stateMissing(stepName: string, does: string, names: readonly string[]): TandemError {
  return new TandemError({
    code: 'state-missing',
    message: `step "${stepName}" ${does} ${names.join(', ')}, not in its state`,
    hint: 'List every variable that the step reads or assigns in `state`.',
  })
}
