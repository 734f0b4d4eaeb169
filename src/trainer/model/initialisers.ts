import type { Initialiser } from './variables.js'

/** For a filter [kh, kw, in, out] before a ReLU: normal, variance 2 / (kh kw out) (He et al., 2015, fan-out). */
export function heNormal([height, width, , filters]: number[]): Initialiser {
  const deviation = Math.sqrt(2 / ((height as number) * (width as number) * (filters as number)))
  return (count, random) => fill(count, () => deviation * random.normal())
}

/** PyTorch's default for a linear layer's weight and bias: uniform between -1/sqrt(inputs) and 1/sqrt(inputs). */
export function uniformByInputs(inputs: number): Initialiser {
  const bound = 1 / Math.sqrt(inputs)
  return (count, random) => fill(count, () => bound * (2 * random.uniform() - 1))
}

export const zeros = (count: number): Float32Array => new Float32Array(count)
export const ones = (count: number): Float32Array => new Float32Array(count).fill(1)

/** A plain loop takes a fraction of what `Float32Array.from` does for millions of numbers. */
function fill(count: number, draw: () => number): Float32Array {
  const values = new Float32Array(count)
  for (let index = 0; index < count; index++) values[index] = draw()
  return values
}
