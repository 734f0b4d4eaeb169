import { type Convolution, isFullyConnected } from '../../convolution-geometry.js'
import { matMul, reshape, reverse, transpose } from '../array-operations.js'
import { convolve, inputGradientOperation, pictureShape } from './convolution-operations.js'
import type { Lowering } from './lowering.js'
import { denseMatrix, isProductOfPatches, positionCount, spreadByStrides, tapMatrix } from './matrices.js'
import { hasTapsInEveryPhase, inputGradientByPhases } from './phases.js'
import { winogradLowerings } from './winograd.js'

/** The first is what is used untuned. */
export const inputGradientLowerings: readonly Lowering<'PaddedConv2DBackpropInput'>[] = [
  {
    name: 'operation',
    applies: () => true,
    compute: (backend, { dy, filter }, convolution) =>
      inputGradientOperation(backend, dy, filter, convolution, 'planned'),
  },
  {
    name: 'fully connected',
    applies: isFullyConnected,
    compute(backend, { dy, filter }, convolution) {
      const dyRows = reshape(backend, dy, [convolution.batch, dy.size / convolution.batch])
      const weights = denseMatrix(backend, filter, convolution)
      const dx = matMul(backend, dyRows, weights, { transposeB: true })
      return reshape(backend, dx, pictureShape(convolution))
    },
  },
  {
    // At stride 1 the gradient is a convolution of dy with the filter turned by 180 degrees.
    name: 'convolution',
    applies: ({ strides, filterHeight, filterWidth, padding }) =>
      strides === 1 && padding < Math.min(filterHeight, filterWidth) && filterHeight * filterWidth > 1,
    compute(backend, { dy, filter }, { filterHeight, filterWidth, padding }) {
      const turned = transpose(backend, reverse(backend, filter, [0, 1]), [0, 1, 3, 2])
      const [rows, columns] = [filterHeight - 1 - padding, filterWidth - 1 - padding]
      return convolve(backend, dy, turned, [
        [rows, rows],
        [columns, columns],
      ])
    },
  },
  {
    name: 'convolution by phase',
    applies: (convolution) => convolution.strides > 1 && hasTapsInEveryPhase(convolution),
    compute: inputGradientByPhases,
  },
  {
    name: 'patches',
    applies: (convolution) => isPointwise(convolution) && isProductOfPatches(convolution),
    compute(backend, { dy, filter }, convolution) {
      const dyRows = reshape(backend, dy, [positionCount(convolution), convolution.filters])
      const dx = matMul(backend, dyRows, tapMatrix(backend, filter, convolution), { transposeB: true })
      return spreadByStrides(backend, dx, convolution)
    },
  },
  ...winogradLowerings.inputGradient,
]

function isPointwise({ filterHeight, filterWidth, padding }: Convolution): boolean {
  return filterHeight === 1 && filterWidth === 1 && padding === 0
}
