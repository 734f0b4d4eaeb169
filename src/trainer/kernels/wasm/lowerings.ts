import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type Convolution, isFullyConnected, outputSize } from '../convolution-geometry.js'
import type { ConvolutionKernel } from '../lowering-choices.js'
import { denseMatrix, filterFromDense } from './dense-filter.js'
import { flippedFilter, padReachable, takeReachable } from './filter-taps.js'
import { convolve, matMul, release, reshaped, transpose } from './heap.js'
import { patchColumns, patchLength, patchRows, planesFromPatchColumns, positionCount } from './patches.js'
import { type ReachableFilter, reachableFilter } from './reachable-filter.js'

/*
 * tfjs's wasm backend has a fast forward convolution (XNNPACK), a slow input gradient and no filter gradient, but also
 * a fast matrix product. So each kernel is a convolution or a product; the autotuner picks, and without it the rules
 * below do.
 */

/** One way to compute a convolution kernel. The inputs are those of the kernel, in the contract's order. */
export interface WasmLowering {
  name: string
  applies(convolution: Convolution): boolean
  compute(backend: BackendWasm, first: TensorInfo, second: TensorInfo, convolution: Convolution): TensorInfo
}

/**
 * XNNPACK rearranges a convolution's filter before it first uses it, which costs more by element than copying
 * patches does. A training step changes all filters, so few positions under many filters are better off as a
 * matrix product. Measured by whole steps of ResNet-18, both stems: never convolving takes 13 to 17 % longer,
 * and a convolution of 1x1 maps with 512 filters, newly changed, took five times as long as the product.
 */
const positionsPerFilterToConvolve = 4

const fullyConnected = 'fully connected'
const always = () => true

const forward: readonly WasmLowering[] = [
  {
    name: 'convolution',
    applies: always,
    compute: (backend, x, filter, { strides, padding }) => convolve(backend, x, filter, { strides, padding }),
  },
  {
    name: 'patches',
    applies: always,
    compute(backend, x, filter, convolution) {
      const reachable = reachableOf(convolution)
      const usedFilter = takeReachable(backend, filter, reachable)
      const patches = patchRows(backend, x, reachable.shape)
      const weights = reshaped(usedFilter, [patchLength(reachable.shape), convolution.filters])
      const y = matMul(backend, patches, weights)
      release(backend, patches, usedFilter)
      return reshaped(y, outputShape(convolution))
    },
  },
  {
    name: fullyConnected,
    applies: isFullyConnected,
    compute(backend, x, filter, convolution) {
      const weights = denseMatrix(backend, filter, convolution)
      const y = matMul(backend, asRows(x), weights)
      release(backend, weights)
      return reshaped(y, outputShape(convolution))
    },
  },
]

const inputGradient: readonly WasmLowering[] = [
  {
    // At stride 1 the gradient is itself a convolution: of dy, with the filter turned by 180 degrees.
    name: 'convolution',
    applies: ({ strides, filterHeight, filterWidth, padding }) =>
      strides === 1 && filterHeight === filterWidth && padding < filterWidth,
    compute(backend, dy, filter, { filterWidth, padding }) {
      const flipped = flippedFilter(backend, filter)
      const dx = convolve(backend, dy, flipped, { strides: 1, padding: filterWidth - 1 - padding })
      release(backend, flipped)
      return dx
    },
  },
  {
    name: 'patches',
    applies: always,
    compute(backend, dy, filter, convolution) {
      const reachable = reachableOf(convolution)
      const { shape } = reachable
      const { filters } = convolution
      const usedFilter = takeReachable(backend, filter, reachable)
      const dyColumns = transpose(backend, reshaped(dy, [positionCount(shape), filters]))
      const columns = matMul(backend, reshaped(usedFilter, [patchLength(shape), filters]), dyColumns)
      release(backend, dyColumns, usedFilter)
      const planes = planesFromPatchColumns(backend, columns, shape)
      const dx = transpose(backend, planes)
      release(backend, columns, planes)
      return reshaped(dx, pictureShape(convolution))
    },
  },
  {
    name: fullyConnected,
    applies: isFullyConnected,
    compute(backend, dy, filter, convolution) {
      // The weights come first: a product packs its second matrix, which is the smaller one here.
      const weights = denseMatrix(backend, filter, convolution)
      const dyColumns = transpose(backend, asRows(dy))
      const dxColumns = matMul(backend, weights, dyColumns)
      const dx = transpose(backend, dxColumns)
      release(backend, weights, dyColumns, dxColumns)
      return reshaped(dx, pictureShape(convolution))
    },
  },
]

const filterGradient: readonly WasmLowering[] = [
  {
    name: 'patches',
    applies: always,
    compute(backend, x, dy, convolution) {
      const reachable = reachableOf(convolution)
      const { filterHeight, filterWidth, channels, filters } = convolution
      const columns = patchColumns(backend, x, reachable.shape)
      const gradients = reshaped(dy, [positionCount(reachable.shape), filters])
      const usedGradient = matMul(backend, columns, gradients)
      release(backend, columns)
      const filterShape = [filterHeight, filterWidth, channels, filters]
      const dfilter = padReachable(backend, usedGradient, filterShape, reachable)
      release(backend, usedGradient)
      return dfilter
    },
  },
  {
    name: fullyConnected,
    applies: isFullyConnected,
    compute(backend, x, dy, convolution) {
      const pictures = transpose(backend, asRows(x))
      const gradient = matMul(backend, pictures, asRows(dy))
      const dfilter = filterFromDense(backend, gradient, convolution)
      release(backend, pictures, gradient)
      return dfilter
    },
  },
]

export const wasmLowerings: Readonly<Record<ConvolutionKernel, readonly WasmLowering[]>> = {
  PaddedConv2D: forward,
  PaddedConv2DBackpropInput: inputGradient,
  PaddedConv2DBackpropFilter: filterGradient,
}

/** The lowerings that can compute a kernel; the one that is used untuned first. */
export function applicableLowerings(kernel: ConvolutionKernel, convolution: Convolution): WasmLowering[] {
  const applicable = wasmLowerings[kernel].filter((lowering) => lowering.applies(convolution))
  const [outHeight, outWidth] = outputSize(convolution)
  const positions = convolution.batch * outHeight * outWidth
  const usual = positions >= positionsPerFilterToConvolve * convolution.filters ? 'convolution' : 'patches'
  return applicable.toSorted((a, b) => Number(b.name === usual) - Number(a.name === usual))
}

function reachableOf(convolution: Convolution): ReachableFilter {
  const { filterHeight, filterWidth } = convolution
  return reachableFilter(pictureShape(convolution), [filterHeight, filterWidth], convolution)
}

/** [N, ...] as [N, the rest]. */
function asRows(tensor: TensorInfo): TensorInfo {
  const [batch = 1, ...rest] = tensor.shape
  return reshaped(tensor, [batch, rest.reduce((product, length) => product * length, 1)])
}

function pictureShape({ batch, height, width, channels }: Convolution): number[] {
  return [batch, height, width, channels]
}

function outputShape(convolution: Convolution): number[] {
  return [convolution.batch, ...outputSize(convolution), convolution.filters]
}
