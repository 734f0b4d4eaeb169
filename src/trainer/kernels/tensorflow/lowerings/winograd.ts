import { type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import type { TensorFlowKernelBackend } from '../../../runtime/kernel-backend.js'
import type { KernelContract } from '../../contract.js'
import { type Convolution, isFullyConnected } from '../../convolution-geometry.js'
import type { ConvolutionKernel } from '../../lowering-choices.js'
import {
  type AxisTransforms,
  axisTransforms,
  hasTiles,
  kronecker,
  type Matrix,
  minimalFiltering,
  type TileLength,
  tileLengths,
  toMatrix,
  transposed,
} from '../../winograd.js'
import { batchMatMul, matMul, reshape, transpose } from '../array-operations.js'
import { filterShape } from './convolution-operations.js'
import type { Lowering } from './lowering.js'

/*
 * The three kernels of a 3x3 convolution at stride 1 by Winograd's minimal filtering. With T the transform of pictures
 * to points, S that of points to outputs, and U the filter at the points:
 *
 *   y = S (T x * U)      dx = T' (S' dy * U')      dU = (T x)' * (S' dy)
 *
 * where * is a matrix product over channels for each point, which is one of the rows and one of the columns. Pictures are
 * turned to [H, W, N, C] first, so that the transforms are matrix products too, and the rows of a point's product are all
 * tiles of all pictures.
 */

type Inputs<Name extends ConvolutionKernel> = KernelContract[Name]['inputs']

export const winogradLowerings = {
  forward: inTiles<'PaddedConv2D'>(forward),
  inputGradient: inTiles<'PaddedConv2DBackpropInput'>(inputGradient),
  filterGradient: inTiles<'PaddedConv2DBackpropFilter'>(filterGradient),
} as const

function inTiles<Name extends ConvolutionKernel>(
  compute: (backend: TensorFlowKernelBackend, inputs: Inputs<Name>, tiling: Tiling) => Tensor,
): Lowering<Name>[] {
  return tileLengths.map((tileLength) => ({
    name: `winograd ${tileLength}x${tileLength}`,
    applies: (convolution) => hasTiles(convolution, tileLength) && !isFullyConnected(convolution),
    needsFloat32: true,
    compute: (backend, inputs, convolution) => compute(backend, inputs, planTiling(convolution, tileLength)),
  }))
}

function forward(
  backend: TensorFlowKernelBackend,
  { x, filter }: Inputs<'PaddedConv2D'>,
  tiling: Tiling,
): Tensor {
  const atPoints = batchMatMul(
    backend,
    inputsAtPoints(backend, x, tiling),
    filterAtPoints(backend, filter, tiling),
  )
  return fromPoints(backend, atPoints, tiling, tiling.rows.outputs, tiling.columns.outputs)
}

function inputGradient(
  backend: TensorFlowKernelBackend,
  { dy, filter }: Inputs<'PaddedConv2DBackpropInput'>,
  tiling: Tiling,
): Tensor {
  const atPoints = batchMatMul(
    backend,
    gradientsAtPoints(backend, dy, tiling),
    filterAtPoints(backend, filter, tiling),
    { transposeB: true },
  )
  const { rows, columns } = tiling
  return fromPoints(backend, atPoints, tiling, transposed(rows.inputs), transposed(columns.inputs))
}

function filterGradient(
  backend: TensorFlowKernelBackend,
  { x, dy }: Inputs<'PaddedConv2DBackpropFilter'>,
  tiling: Tiling,
): Tensor {
  const atPoints = batchMatMul(
    backend,
    inputsAtPoints(backend, x, tiling),
    gradientsAtPoints(backend, dy, tiling),
    { transposeA: true },
  )
  const { convolution, pointCount, filter } = tiling
  const { channels, filters } = convolution
  const lines = reshape(backend, atPoints, [pointCount ** 2, channels * filters])
  const taps = matMul(backend, constant(transposed(filter)), lines)
  return reshape(backend, taps, filterShape(convolution))
}

interface Tiling {
  convolution: Convolution
  pointCount: number
  rows: AxisTransforms
  columns: AxisTransforms
  /** [points points, 9] */
  filter: Matrix
}

function planTiling(convolution: Convolution, tileLength: TileLength): Tiling {
  const { height, width, padding } = convolution
  const filtering = minimalFiltering(tileLength)
  const alongFilter = toMatrix(filtering.filter)
  return {
    convolution,
    pointCount: filtering.pointCount,
    rows: axisTransforms(filtering, height, padding),
    columns: axisTransforms(filtering, width, padding),
    filter: kronecker(alongFilter, alongFilter),
  }
}

/** [points, tiles N, C] */
function inputsAtPoints(backend: TensorFlowKernelBackend, x: Tensor, tiling: Tiling): Tensor {
  return toPoints(backend, x, tiling, tiling.rows.inputs, tiling.columns.inputs)
}

/** [points, tiles N, K] */
function gradientsAtPoints(backend: TensorFlowKernelBackend, dy: Tensor, tiling: Tiling): Tensor {
  const { rows, columns } = tiling
  return toPoints(backend, dy, tiling, transposed(rows.outputs), transposed(columns.outputs))
}

/** [points, C, K] */
function filterAtPoints(backend: TensorFlowKernelBackend, filter: Tensor, tiling: Tiling): Tensor {
  const { channels, filters, filterHeight, filterWidth } = tiling.convolution
  const taps = reshape(backend, filter, [filterHeight * filterWidth, channels * filters])
  const points = matMul(backend, constant(tiling.filter), taps)
  return reshape(backend, points, [tiling.pointCount ** 2, channels, filters])
}

/** [N, H, W, C] to [points, tiles N, C]. */
function toPoints(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  { pointCount, rows, columns }: Tiling,
  rowMatrix: Matrix,
  columnMatrix: Matrix,
): Tensor {
  const [batch, , , channels] = x.shape as [number, number, number, number]
  const map = transpose(backend, x, [1, 2, 0, 3])
  const lines = alongBoth(backend, map, rowMatrix, columnMatrix)
  const ordered = swapMiddle(backend, lines, [
    pointCount,
    rows.tileCount,
    pointCount,
    columns.tileCount * batch * channels,
  ])
  return reshape(backend, ordered, [pointCount ** 2, rows.tileCount * columns.tileCount * batch, channels])
}

/** [points, tiles N, K] to [N, H, W, K]. */
function fromPoints(
  backend: TensorFlowKernelBackend,
  atPoints: Tensor,
  { convolution: { batch }, pointCount, rows, columns }: Tiling,
  rowMatrix: Matrix,
  columnMatrix: Matrix,
): Tensor {
  const [, , channels] = atPoints.shape as [number, number, number]
  const ordered = swapMiddle(backend, atPoints, [
    pointCount,
    pointCount,
    rows.tileCount,
    columns.tileCount * batch * channels,
  ])
  const lines = reshape(backend, ordered, [rowMatrix.columns, columnMatrix.columns, batch, channels])
  return transpose(backend, alongBoth(backend, lines, rowMatrix, columnMatrix), [2, 0, 1, 3])
}

/** Multiplies the first two axes of [H, W, N, C] by a matrix each. */
function alongBoth(
  backend: TensorFlowKernelBackend,
  map: Tensor,
  rowMatrix: Matrix,
  columnMatrix: Matrix,
): Tensor {
  const [height, width, batch, channels] = map.shape as [number, number, number, number]
  const shape = [rowMatrix.rows, columnMatrix.rows, batch, channels]
  if (rowMatrix.rows * columnMatrix.rows * height * width <= mostOfOneProduct) {
    const both = constant(kronecker(rowMatrix, columnMatrix))
    const lines = reshape(backend, map, [height * width, batch * channels])
    return reshape(backend, matMul(backend, both, lines), shape)
  }
  const byRow = matMul(
    backend,
    constant(rowMatrix),
    reshape(backend, map, [height, width * batch * channels]),
  )
  const byColumn = batchMatMul(
    backend,
    reshape(backend, constant(columnMatrix), [1, columnMatrix.rows, width]),
    reshape(backend, byRow, [rowMatrix.rows, width, batch * channels]),
  )
  return reshape(backend, byColumn, shape)
}

/** Up to here one product with the Kronecker product is cheaper than one along each axis: a map of a single tile. */
const mostOfOneProduct = 36 * 16

/** [a, b, c, rest] to [a, c, b, rest]: blocks of memory change places. */
function swapMiddle(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  shape: [number, number, number, number],
): Tensor {
  const blocks = reshape(backend, x, shape)
  return shape[1] === 1 || shape[2] === 1 ? blocks : transpose(backend, blocks, [0, 2, 1, 3])
}

function constant({ rows, columns, values }: Matrix): Tensor {
  return tensor2d(values, [rows, columns])
}
