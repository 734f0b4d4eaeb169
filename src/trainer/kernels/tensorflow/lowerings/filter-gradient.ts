import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorFlowKernelBackend } from '../../../runtime/kernel-backend.js'
import {
  type Convolution,
  isFullyConnected,
  outputSize,
  reachableTapPairs,
} from '../../convolution-geometry.js'
import { concatenate, matMul, pixels, reshape, slice, transpose } from '../array-operations.js'
import { convolve, filterGradientOperation } from './convolution-operations.js'
import type { Lowering } from './lowering.js'
import {
  filterFromDense,
  filterFromTaps,
  flatPictures,
  isProductOfPatches,
  patchMatrix,
  positionCount,
} from './matrices.js'
import { winogradLowerings } from './winograd.js'

/** The first is what is used untuned. */
export const filterGradientLowerings: readonly Lowering<'PaddedConv2DBackpropFilter'>[] = [
  {
    name: 'operation',
    applies: () => true,
    compute: (backend, { x, dy }, convolution) =>
      filterGradientOperation(backend, x, dy, convolution, 'planned'),
  },
  {
    name: 'fully connected',
    applies: isFullyConnected,
    compute(backend, { x, dy }, convolution) {
      const dyRows = reshape(backend, dy, [convolution.batch, dy.size / convolution.batch])
      const gradient = matMul(backend, flatPictures(backend, x, convolution), dyRows, { transposeA: true })
      return filterFromDense(backend, gradient, convolution)
    },
  },
  {
    // Pictures and gradients with batch and channels exchanged, the gradients as a filter.
    name: 'convolution',
    applies: ({ filterHeight, filterWidth }) => filterHeight * filterWidth > 1,
    compute: convolutionOverBatch,
  },
  {
    name: 'patches',
    applies: isProductOfPatches,
    compute(backend, { x, dy }, convolution) {
      const dyRows = reshape(backend, dy, [positionCount(convolution), convolution.filters])
      const patches = patchMatrix(backend, x, convolution)
      const taps = matMul(backend, patches, dyRows, { transposeA: true })
      return filterFromTaps(backend, taps, convolution)
    },
  },
  {
    name: 'product by tap',
    applies: (convolution) => isProductOfPatches(convolution) && reachableTapPairs(convolution).length > 1,
    compute: productByTap,
  },
  ...winogradLowerings.filterGradient,
]

function convolutionOverBatch(
  backend: TensorFlowKernelBackend,
  { x, dy }: { x: Tensor; dy: Tensor },
  convolution: Convolution,
): Tensor {
  const { height, width, channels, filterHeight, filterWidth, filters, strides, padding } = convolution
  const [outHeight, outWidth] = outputSize(convolution)
  const pads = (length: number, outputs: number, window: number): [number, number] => [
    padding,
    Math.max(0, window + (outputs - 1) * strides - length - padding),
  ]
  const gradient = convolve(
    backend,
    transpose(backend, x, [3, 1, 2, 0]),
    transpose(backend, dy, [1, 2, 0, 3]),
    [pads(height, outHeight, filterHeight), pads(width, outWidth, filterWidth)],
    strides,
  )
  // Rows that no window reached gave more taps than there are.
  const taps = slice(backend, gradient, [0, 0, 0, 0], [channels, filterHeight, filterWidth, filters])
  return transpose(backend, taps, [1, 2, 0, 3])
}

/** For each tap, the product of the pixels it lies on with the gradients there. */
function productByTap(
  backend: TensorFlowKernelBackend,
  { x, dy }: { x: Tensor; dy: Tensor },
  convolution: Convolution,
): Tensor {
  const { batch, channels, filters, strides } = convolution
  const products = reachableTapPairs(convolution).map(({ row, column }) => {
    const size = [row.count, column.count] as const
    const inputs = pixels(backend, x, [row.firstInput, column.firstInput], size, strides)
    const gradients = pixels(backend, dy, [row.firstOutput, column.firstOutput], size, 1)
    const positions = batch * row.count * column.count
    return matMul(
      backend,
      reshape(backend, inputs, [positions, channels]),
      reshape(backend, gradients, [positions, filters]),
      { transposeA: true },
    )
  })
  return filterFromTaps(backend, concatenate(backend, products, 0), convolution)
}
