import { flippedFilter, padReachable, takeReachable } from './filter-taps.js'
import { convolve, matMul, release, reshaped, transpose } from './heap.js'
import type { ConvolutionShape } from './im2col.js'
import { type Kernel, wasmKernel } from './kernel.js'
import { patchColumns, patchLength, patchRows, planesFromPatchColumns, positionCount } from './patches.js'
import { reachableFilter } from './reachable-filter.js'

/*
 * tfjs's wasm backend has a fast forward convolution (XNNPACK), a slow input gradient and no filter gradient,
 * but also a fast matrix product. Each convolution here is one or the other, whichever was measured faster. The
 * filter gradient is always a product: as a forward convolution (of pictures and gradients with batch and
 * channels exchanged) it reaches 20 to 28 GFLOP/s on one core, the product 36 to 40 and the copying of patches
 * takes a fifth of that again.
 */

/**
 * XNNPACK rearranges a convolution's filter before it first uses it, which costs more by element than copying
 * patches does. A training step changes all filters, so few positions under many filters are better off as a
 * matrix product. Measured by whole steps of ResNet-18, both stems: never convolving takes 13 to 17 % longer,
 * and a convolution of 1x1 maps with 512 filters, newly changed, took five times as long as the product.
 */
const POSITIONS_PER_FILTER_TO_CONVOLVE = 4

const forward: Kernel<'PaddedConv2D'> = (backend, { x, filter }, window) => {
  const reachable = reachableFilter(x.shape, filter.shape, window)
  const { shape } = reachable
  const filters = filter.shape[3] as number
  if (hasManyPositions(shape, filters)) {
    const { strides, padding } = window
    return [convolve(backend, x, filter, { strides, padding })]
  }
  const usedFilter = takeReachable(backend, filter, reachable)
  const patches = patchRows(backend, x, shape)
  const y = matMul(backend, patches, reshaped(usedFilter, [patchLength(shape), filters]))
  release(backend, patches, usedFilter)
  return [reshaped(y, [shape.batch, shape.outHeight, shape.outWidth, filters])]
}

const backpropInput: Kernel<'PaddedConv2DBackpropInput'> = (backend, { dy, filter }, attributes) => {
  const reachable = reachableFilter(attributes.inputShape, filter.shape, attributes)
  const { shape } = reachable
  const [height, width, , filters] = filter.shape as [number, number, number, number]
  const fullPadding = width - 1 - attributes.padding
  const isConvolution = attributes.strides === 1 && height === width && fullPadding >= 0
  if (isConvolution && hasManyPositions(shape, filters)) {
    // At stride 1 the gradient is itself a convolution: of dy, with the filter turned by 180 degrees.
    const flipped = flippedFilter(backend, filter)
    const dx = convolve(backend, dy, flipped, { strides: 1, padding: fullPadding })
    release(backend, flipped)
    return [dx]
  }
  const usedFilter = takeReachable(backend, filter, reachable)
  const dyColumns = transpose(backend, reshaped(dy, [positionCount(shape), filters]))
  const columns = matMul(backend, reshaped(usedFilter, [patchLength(shape), filters]), dyColumns)
  release(backend, dyColumns, usedFilter)
  const planes = planesFromPatchColumns(backend, columns, shape)
  const dx = transpose(backend, planes)
  release(backend, columns, planes)
  return [reshaped(dx, attributes.inputShape)]
}

const backpropFilter: Kernel<'PaddedConv2DBackpropFilter'> = (backend, { x, dy }, attributes) => {
  const reachable = reachableFilter(x.shape, attributes.filterShape, attributes)
  const { shape } = reachable
  const filters = attributes.filterShape[3] as number
  const columns = patchColumns(backend, x, shape)
  const usedGradient = matMul(backend, columns, reshaped(dy, [positionCount(shape), filters]))
  release(backend, columns)
  const dfilter = padReachable(backend, usedGradient, attributes.filterShape, reachable)
  release(backend, usedGradient)
  return [dfilter]
}

export const convolutionKernels = [
  wasmKernel('PaddedConv2D', forward),
  wasmKernel('PaddedConv2DBackpropInput', backpropInput),
  wasmKernel('PaddedConv2DBackpropFilter', backpropFilter),
]

function hasManyPositions(shape: ConvolutionShape, filters: number): boolean {
  return positionCount(shape) >= POSITIONS_PER_FILTER_TO_CONVOLVE * filters
}
