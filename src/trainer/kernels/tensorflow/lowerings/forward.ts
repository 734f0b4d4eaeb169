import { isFullyConnected } from '../../convolution-geometry.js'
import { matMul, reshape } from '../array-operations.js'
import { forwardOperation, isPaddedFirst, outputShape } from './convolution-operations.js'
import type { Lowering } from './lowering.js'
import { denseMatrix, flatPictures, isProductOfPatches, patchMatrix, tapMatrix } from './matrices.js'
import { winogradLowerings } from './winograd.js'

/** The first is what is used untuned. */
export const forwardLowerings: readonly Lowering<'PaddedConv2D'>[] = [
  {
    name: 'operation',
    applies: () => true,
    compute: (backend, { x, filter }, convolution) =>
      forwardOperation(backend, x, filter, convolution, 'planned'),
  },
  {
    name: 'operation, explicit padding',
    applies: isPaddedFirst,
    compute: (backend, { x, filter }, convolution) =>
      forwardOperation(backend, x, filter, convolution, 'explicit'),
  },
  {
    name: 'fully connected',
    applies: isFullyConnected,
    compute(backend, { x, filter }, convolution) {
      const y = matMul(
        backend,
        flatPictures(backend, x, convolution),
        denseMatrix(backend, filter, convolution),
      )
      return reshape(backend, y, outputShape(convolution))
    },
  },
  {
    name: 'patches',
    applies: isProductOfPatches,
    compute(backend, { x, filter }, convolution) {
      const y = matMul(backend, patchMatrix(backend, x, convolution), tapMatrix(backend, filter, convolution))
      return reshape(backend, y, outputShape(convolution))
    },
  },
  ...winogradLowerings.forward,
]
