import { grads, mul, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { RandomStream } from '../../../shared/random.js'
import type { Reference } from './reference-ops.js'

/** Normal random numbers, exact in float32. */
export function randomReference(shape: number[], stream: number): Reference {
  const random = new RandomStream(7, stream)
  const size = shape.reduce((product, length) => product * length, 1)
  return { shape, values: Float64Array.from({ length: size }, () => Math.fround(random.normal())) }
}

/**
 * Expects an op to give its reference's values, and the gradient of a random weighting of its output to agree
 * with central differences of the reference.
 */
export function expectOpToMatch<Inputs extends readonly Reference[]>(
  inputs: readonly [...Inputs],
  op: (...inputs: Each<Inputs, Tensor>) => Tensor,
  reference: (...inputs: Each<Inputs, Reference>) => Reference,
): void {
  const applyReference = (values: readonly Reference[]) => reference(...(values as Each<Inputs, Reference>))
  const expected = applyReference(inputs)
  const weights = randomReference(expected.shape, 99)
  const applyOp = (tensors: readonly Tensor[]) => op(...(tensors as Each<Inputs, Tensor>))
  const { y, gradients } = runWithGradients(inputs, applyOp, weights)
  expectClose(y, expected.values)
  for (const [position, gradient] of gradients.entries()) {
    expectClose(gradient, centralDifferences(inputs, position, applyReference, weights))
  }
}

/** A tuple as long as `Inputs`. */
type Each<Inputs extends readonly unknown[], Value> = { [Index in keyof Inputs]: Value }

function runWithGradients(
  inputs: readonly Reference[],
  op: (inputs: readonly Tensor[]) => Tensor,
  weights: Reference,
) {
  const results = tidy(() => {
    const tensors = inputs.map(toTensor)
    const weighted = (...varied: Tensor[]) => sum(mul(op(varied), toTensor(weights)))
    return [op(tensors), ...grads(weighted)(tensors)]
  })
  const [y, ...gradients] = results.map(takeValues)
  return { y: y as Float32Array, gradients }
}

/** d (weights . reference) / d inputs[position]. */
function centralDifferences(
  inputs: readonly Reference[],
  position: number,
  reference: (inputs: readonly Reference[]) => Reference,
  weights: Reference,
): Float64Array {
  const step = 1e-5
  const input = inputs[position] as Reference
  const objectiveAt = (index: number, change: number) => {
    const values = Float64Array.from(input.values)
    values[index] = (values[index] as number) + change
    const output = reference(inputs.with(position, { ...input, values }))
    return output.values.reduce((total, value, place) => total + value * (weights.values[place] as number), 0)
  }
  return input.values.map((_, index) => (objectiveAt(index, step) - objectiveAt(index, -step)) / (2 * step))
}

/** Equal to 1e-4 of the largest number: float32 sums of a few hundred terms are better than that. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const expectedValues = Array.from(expected)
  const actualValues = Array.from(actual)
  expect(actualValues).toHaveLength(expectedValues.length)
  const tolerance = 1e-4 * Math.max(1e-3, ...expectedValues.map(Math.abs))
  const wrong = expectedValues
    .map((value, index) => ({ index, expected: value, actual: actualValues[index] as number }))
    .filter((pair) => !(Math.abs(pair.actual - pair.expected) <= tolerance))
  expect(wrong).toEqual([])
}

export function toTensor({ shape, values }: Reference): Tensor {
  return tensor(Float32Array.from(values), shape)
}

/** Reads and disposes. */
export function takeValues(result: Tensor): Float32Array {
  const values = result.dataSync<'float32'>()
  result.dispose()
  return values
}
