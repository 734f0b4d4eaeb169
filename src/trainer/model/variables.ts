import { type Tensor, tensor, tidy, util, type Variable, variable } from '@tensorflow/tfjs-core'
import { RandomStream } from '../../shared/random.js'
import type { NamedVariable } from './classifier.js'

/** The numbers that a parameter starts with. */
export type Initialiser = (elementCount: number, random: RandomStream) => Float32Array

/** Makes the variables of one model and keeps them in the order of their making. */
export interface VariableStore {
  parameter(name: string, shape: number[], initialiser: Initialiser): Variable
  buffer(name: string, shape: number[], initialiser: Initialiser): Variable
  readonly parameters: NamedVariable[]
  readonly buffers: NamedVariable[]
  dispose(): void
}

/** Keeps initial weights apart from what else is drawn under the run's seed. */
const FIRST_INITIALISATION_STREAM = 1_000

let modelCount = 0

export function createVariableStore(modelName: string, seed: number): VariableStore {
  // tfjs asks for names that no other variable of the process has.
  const prefix = `${modelName}-${modelCount++}`
  const parameters: NamedVariable[] = []
  const buffers: NamedVariable[] = []

  function create(name: string, shape: number[], initialiser: Initialiser, trainable: boolean): Variable {
    const stream = FIRST_INITIALISATION_STREAM + parameters.length
    const values = initialiser(util.sizeFromShape(shape), new RandomStream(seed, stream))
    return tidy(() => variable(tensor(values, shape) as Tensor, trainable, `${prefix}/${name}`))
  }

  return {
    parameters,
    buffers,
    parameter(name, shape, initialiser) {
      const created = create(name, shape, initialiser, true)
      parameters.push({ name, variable: created })
      return created
    },
    buffer(name, shape, initialiser) {
      const created = create(name, shape, initialiser, false)
      buffers.push({ name, variable: created })
      return created
    },
    dispose() {
      for (const { variable } of [...parameters, ...buffers]) variable.dispose()
    },
  }
}

export function countElements(variables: readonly NamedVariable[]): number {
  return variables.reduce((sum, { variable }) => sum + variable.size, 0)
}
