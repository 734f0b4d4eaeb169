import { type Tensor, tensor, tidy, util, type Variable, variable } from '@tensorflow/tfjs-core'
import { RandomStream } from '../../shared/random.js'
import type { NamedVariable } from './classifier.js'

/** The numbers that a parameter starts with. */
export type Initialiser = (elementCount: number, random: RandomStream) => Float32Array

/** The numbers that a model's parameters start with; `index` counts these in the order of their making. */
export type InitialValues = (index: number, elementCount: number, initialiser: Initialiser) => Float32Array

/** Makes the variables of one model and keeps them in the order of their making. */
export interface VariableStore {
  parameter(name: string, shape: number[], initialiser: Initialiser): Variable
  buffer(name: string, shape: number[], fill: (elementCount: number) => Float32Array): Variable
  readonly parameters: NamedVariable[]
  readonly buffers: NamedVariable[]
  dispose(): void
}

/** Keeps initial weights apart from what else is drawn under the run's seed. */
const FIRST_INITIALISATION_STREAM = 1_000

/** Numbers drawn under a seed, each parameter's from a stream of its own. */
export function drawnFrom(seed: number): InitialValues {
  return (index, elementCount, initialiser) =>
    initialiser(elementCount, new RandomStream(seed, FIRST_INITIALISATION_STREAM + index))
}

/** Zeros, for a model whose parameters will be overwritten before it is used. */
export const notYetKnown: InitialValues = (_index, elementCount) => new Float32Array(elementCount)

let modelCount = 0

export function createVariableStore(modelName: string, initialValues: InitialValues): VariableStore {
  // tfjs asks for names that no other variable of the process has.
  const prefix = `${modelName}-${modelCount++}`
  const parameters: NamedVariable[] = []
  const buffers: NamedVariable[] = []

  function create(name: string, shape: number[], values: Float32Array, trainable: boolean): Variable {
    return tidy(() => variable(tensor(values, shape) as Tensor, trainable, `${prefix}/${name}`))
  }

  return {
    parameters,
    buffers,
    parameter(name, shape, initialiser) {
      const values = initialValues(parameters.length, util.sizeFromShape(shape), initialiser)
      const created = create(name, shape, values, true)
      parameters.push({ name, variable: created })
      return created
    },
    buffer(name, shape, fill) {
      const created = create(name, shape, fill(util.sizeFromShape(shape)), false)
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
