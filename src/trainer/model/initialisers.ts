import type { Initialiser } from './variables.js'

/** For a filter [kh, kw, in, out] before a ReLU: normal, variance 2 / (kh kw out) (He et al., 2015, fan-out). */
export function heNormal([height, width, , filters]: number[]): Initialiser {
  const deviation = Math.sqrt(2 / ((height as number) * (width as number) * (filters as number)))
  return (count, random) => Float32Array.from({ length: count }, () => deviation * random.normal())
}

/** PyTorch's default for a linear layer's weight and bias: uniform between -1/sqrt(inputs) and 1/sqrt(inputs). */
export function uniformByInputs(inputs: number): Initialiser {
  const bound = 1 / Math.sqrt(inputs)
  return (count, random) => Float32Array.from({ length: count }, () => bound * (2 * random.uniform() - 1))
}

export const zeros: Initialiser = (count) => new Float32Array(count)
export const ones: Initialiser = (count) => new Float32Array(count).fill(1)
