import { allocate, floats, integers } from './heap.js'
import { wasmKernel } from './kernel.js'

const decodeImages = wasmKernel('DecodeImages', (backend, { images }, { mean, standardDeviation }) => {
  const decoded = allocate(backend, images.shape)
  const source = integers(backend, images)
  const target = floats(backend, decoded)
  const channels = mean.length
  const slope = standardDeviation.map((deviation) => 1 / (255 * deviation))
  const intercept = mean.map((value, channel) => -value / (standardDeviation[channel] as number))
  for (let start = 0; start < source.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const value = source[start + channel] as number
      target[start + channel] = value * (slope[channel] as number) + (intercept[channel] as number)
    }
  }
  return [decoded]
})

const reluGrad = wasmKernel('ReluGrad', (backend, { dy, y }) => {
  const dx = allocate(backend, y.shape)
  const gradient = floats(backend, dy)
  const output = floats(backend, y)
  const target = floats(backend, dx)
  for (let index = 0; index < target.length; index++) {
    target[index] = (output[index] as number) > 0 ? (gradient[index] as number) : 0
  }
  return [dx]
})

export const elementwiseKernels = [decodeImages, reluGrad]
