import type { WindowAttributes } from '../contract.js'
import { allocate, floats } from './heap.js'
import { wasmKernel } from './kernel.js'
import { outputLength } from './reachable-filter.js'

type PoolAttributes = WindowAttributes & { windowSize: number }

const forward = wasmKernel('PaddedMaxPool', (backend, { x }, attributes) => {
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  const outHeight = outputLength(height, attributes.windowSize, attributes)
  const outWidth = outputLength(width, attributes.windowSize, attributes)
  const y = allocate(backend, [batch, outHeight, outWidth, channels])
  const source = floats(backend, x)
  const target = floats(backend, y)
  forEachWindow(x.shape, attributes, (output, pixels) => {
    for (let channel = 0; channel < channels; channel++) {
      let largest = Number.NEGATIVE_INFINITY
      for (const pixel of pixels) {
        const value = source[pixel + channel] as number
        // Not Math.max: a NaN must come through, so that a diverged run shows.
        if (value > largest || Number.isNaN(value)) largest = value
      }
      target[output + channel] = largest
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
  forEachWindow(x.shape, attributes, (output, pixels) => {
    for (let channel = 0; channel < channels; channel++) {
      for (const pixel of pixels) {
        const place = pixel + channel
        if (source[place] !== largest[output + channel]) continue
        target[place] = (target[place] as number) + (gradient[output + channel] as number)
        break
      }
    }
  })
  return [dx]
})

export const maxPoolKernels = [forward, backward]

/** Calls `visit` with the offset of each output pixel and of the input pixels in its window. */
function forEachWindow(
  xShape: number[],
  attributes: PoolAttributes,
  visit: (output: number, pixels: readonly number[]) => void,
): void {
  const [batch, height, width, channels] = xShape as [number, number, number, number]
  const { windowSize, strides, padding } = attributes
  const outHeight = outputLength(height, windowSize, attributes)
  const outWidth = outputLength(width, windowSize, attributes)
  const pixels: number[] = []
  let output = 0
  for (let image = 0; image < batch; image++) {
    for (let outY = 0; outY < outHeight; outY++) {
      const firstY = Math.max(0, outY * strides - padding)
      const endY = Math.min(height, outY * strides - padding + windowSize)
      for (let outX = 0; outX < outWidth; outX++, output += channels) {
        const firstX = Math.max(0, outX * strides - padding)
        const endX = Math.min(width, outX * strides - padding + windowSize)
        pixels.length = 0
        for (let y = firstY; y < endY; y++) {
          for (let x = firstX; x < endX; x++) pixels.push(((image * height + y) * width + x) * channels)
        }
        visit(output, pixels)
      }
    }
  }
}
