import { engine, type Variable } from '@tensorflow/tfjs-core'
import { TandemError } from '../../../shared/errors.js'

let writable: ReadonlySet<Variable> | null = null

/** Runs `step`, which may assign the variables in `state` and no others. */
export function withWritableState<T>(name: string, state: ReadonlySet<Variable>, step: () => T): T {
  const others = Object.values(engine().state.registeredVariables).filter((variable) => !state.has(variable))
  const before = others.map((variable) => variable.dataId)
  writable = state
  try {
    const result = step()
    const assigned = others.find((variable, index) => variable.dataId !== before[index])
    if (assigned !== undefined) throw undeclared(assigned, name)
    return result
  } finally {
    writable = null
  }
}

/** For kernels that write a variable in place, which leaves no trace that could be found afterwards. */
export function assertWritable(variable: Variable): void {
  if (writable !== null && !writable.has(variable)) throw undeclared(variable, 'the step')
}

function undeclared(variable: Variable, stepName: string): TandemError {
  return new TandemError({
    code: 'undeclared-state',
    message: `${stepName} assigns the variable ${variable.name}, which is not part of its state`,
    hint: 'List the variable in the state that the step is compiled with.',
  })
}
