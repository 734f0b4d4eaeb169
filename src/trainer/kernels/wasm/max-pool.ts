import type { WindowAttributes } from '../contract.js'
import { outputLength } from '../convolution-geometry.js'
import { allocate, floats } from './heap.js'
import { wasmKernel } from './kernel.js'

type PoolAttributes = WindowAttributes & { windowSize: number }

const forward = wasmKernel('PaddedMaxPool', (backend, { x }, attributes) => {
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  const outHeight = outputLength(height, attributes.windowSize, attributes)
  const outWidth = outputLength(width, attributes.windowSize, attributes)
  const y = allocate(backend, [batch, outHeight, outWidth, channels])
  const source = floats(backend, x)
  const target = floats(backend, y).fill(Number.NEGATIVE_INFINITY)
  forEachPixel(x.shape, attributes, (output, pixel) => {
    for (let channel = 0; channel < channels; channel++) {
      const value = source[pixel + channel] as number
      // Not Math.max, which is slower; a NaN must come through, so that a diverged run shows.
      if (value > (target[output + channel] as number) || Number.isNaN(value))
        target[output + channel] = value
    }
  })
  return [y]
})

/** The whole gradient of a window goes to its first largest value, as in PyTorch. */
const backward = wasmKernel('PaddedMaxPoolGrad', (backend, { x, y, dy }, attributes) => {
  const channels = x.shape[3] as number
  const dx = allocate(backend, x.shape)
  const source = floats(backend, x)
  const largest = floats(backend, y)
  const gradient = floats(backend, dy)
  const target = floats(backend, dx).fill(0)
  const given = new Uint8Array(largest.length)
  forEachPixel(x.shape, attributes, (output, pixel) => {
    for (let channel = 0; channel < channels; channel++) {
      const from = output + channel
      const to = pixel + channel
      if (given[from] === 1 || source[to] !== largest[from]) continue
      given[from] = 1
      target[to] = (target[to] as number) + (gradient[from] as number)
    }
  })
  return [dx]
})

export const maxPoolKernels = [forward, backward]

/** Calls `visit` for every output and every input pixel in its window, with the offsets of their first channels. */
function forEachPixel(
  [batch, height, width, channels]: number[],
  attributes: PoolAttributes,
  visit: (output: number, pixel: number) => void,
): void {
  const [rows, columns, depth] = [height as number, width as number, channels as number]
  const { windowSize, strides, padding } = attributes
  const outHeight = outputLength(rows, windowSize, attributes)
  const outWidth = outputLength(columns, windowSize, attributes)
  let output = 0
  for (let image = 0; image < (batch as number); image++) {
    for (let outY = 0; outY < outHeight; outY++) {
      const firstY = Math.max(0, outY * strides - padding)
      const endY = Math.min(rows, outY * strides - padding + windowSize)
      for (let outX = 0; outX < outWidth; outX++, output += depth) {
        const firstX = Math.max(0, outX * strides - padding)
        const endX = Math.min(columns, outX * strides - padding + windowSize)
        for (let y = firstY; y < endY; y++) {
          for (let x = firstX; x < endX; x++) visit(output, ((image * rows + y) * columns + x) * depth)
        }
      }
    }
  }
}
