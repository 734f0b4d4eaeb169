import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorFlowKernelBackend } from '../../../runtime/kernel-backend.js'
import {
  type Convolution,
  isFullyConnected,
  outputSize,
  reachableTapPairs,
  reachableTaps,
  reachesBlockOfTaps,
} from '../../convolution-geometry.js'
import { addAll, concatenate, padWithZeros, pixels, reshape, slice } from '../array-operations.js'
import { filterShape, pictureShape } from './convolution-operations.js'

/*
 * Pictures and filters as matrices, so that a convolution is one matrix product. Taps that only ever meet padding are
 * left out throughout.
 */

/** Whether a convolution is a product of `patchMatrix` and `tapMatrix` that `fullyConnected` matrices do not beat. */
export function isProductOfPatches(convolution: Convolution): boolean {
  return reachesBlockOfTaps(convolution) && !isFullyConnected(convolution)
}

/** N H' W' */
export function positionCount(convolution: Convolution): number {
  const [outHeight, outWidth] = outputSize(convolution)
  return convolution.batch * outHeight * outWidth
}

/** The pictures as [N H' W', taps C]: what lies under the filter at each position ("im2col"). */
export function patchMatrix(backend: TensorFlowKernelBackend, x: Tensor, convolution: Convolution): Tensor {
  const { channels, strides } = convolution
  const [outHeight, outWidth] = outputSize(convolution)
  const pairs = reachableTapPairs(convolution)
  const padded = padWithZeros(backend, x, reachedPadding(convolution))
  const [above, left] = reachedPadding(convolution)
    .slice(1, 3)
    .map(([before]) => before) as [number, number]
  const columns = pairs.map(({ row, column }) =>
    pixels(
      backend,
      padded,
      [
        row.firstInput - row.firstOutput * strides + above,
        column.firstInput - column.firstOutput * strides + left,
      ],
      [outHeight, outWidth],
      strides,
    ),
  )
  const patches = concatenate(backend, columns, 3)
  return reshape(backend, patches, [positionCount(convolution), pairs.length * channels])
}

/** Padding that reachable taps see, [before, after] for each axis of [N, H, W, C]. */
function reachedPadding(convolution: Convolution): [number, number][] {
  const { height, width, filterHeight, filterWidth, strides } = convolution
  const [outHeight, outWidth] = outputSize(convolution)
  const along = (length: number, window: number, outputs: number): [number, number] => {
    const starts = reachableTaps(length, window, convolution).map(
      ({ firstInput, firstOutput }) => firstInput - firstOutput * strides,
    )
    const last = Math.max(...starts) + (outputs - 1) * strides
    return [Math.max(0, -Math.min(...starts)), Math.max(0, last - length + 1)]
  }
  return [[0, 0], along(height, filterHeight, outHeight), along(width, filterWidth, outWidth), [0, 0]]
}

/** The reachable part of [kh, kw, C, K] as [taps C, K]. */
export function tapMatrix(
  backend: TensorFlowKernelBackend,
  filter: Tensor,
  convolution: Convolution,
): Tensor {
  const { channels, filters } = convolution
  const { begin, counts } = reachablePart(convolution)
  const taps = slice(backend, filter, [...begin, 0, 0], [...counts, channels, filters])
  return reshape(backend, taps, [counts[0] * counts[1] * channels, filters])
}

/** The reverse of `tapMatrix`: zeros at all other taps. */
export function filterFromTaps(
  backend: TensorFlowKernelBackend,
  taps: Tensor,
  convolution: Convolution,
): Tensor {
  const { filterHeight, filterWidth, channels, filters } = convolution
  const { begin, counts } = reachablePart(convolution)
  const after = [filterHeight - begin[0] - counts[0], filterWidth - begin[1] - counts[1]] as const
  const part = reshape(backend, taps, [...counts, channels, filters])
  return padWithZeros(backend, part, [
    [begin[0], after[0]],
    [begin[1], after[1]],
    [0, 0],
    [0, 0],
  ])
}

function reachablePart(convolution: Convolution): { begin: [number, number]; counts: [number, number] } {
  const { height, width, filterHeight, filterWidth } = convolution
  const rows = reachableTaps(height, filterHeight, convolution)
  const columns = reachableTaps(width, filterWidth, convolution)
  return { begin: [rows[0]?.tap ?? 0, columns[0]?.tap ?? 0], counts: [rows.length, columns.length] }
}

/** The pictures as [N, H W C]: nothing moves. */
export function flatPictures(backend: TensorFlowKernelBackend, x: Tensor, { batch }: Convolution): Tensor {
  return reshape(backend, x, [batch, x.size / batch])
}

/** A filter under which every output sees every input, as [H W C, H' W' K]. */
export function denseMatrix(
  backend: TensorFlowKernelBackend,
  filter: Tensor,
  convolution: Convolution,
): Tensor {
  const { height, width, channels, filters } = convolution
  const blocks = denseBlocks(convolution).map(([row, column]) =>
    reshape(backend, slice(backend, filter, [row, column, 0, 0], [height, width, channels, filters]), [
      height * width * channels,
      filters,
    ]),
  )
  return concatenate(backend, blocks, 1)
}

/** The gradient of `denseMatrix`: taps that stand at several places in the matrix are added up. */
export function filterFromDense(
  backend: TensorFlowKernelBackend,
  matrix: Tensor,
  convolution: Convolution,
): Tensor {
  const { height, width, channels, filters } = convolution
  const [filterHeight, filterWidth] = filterShape(convolution) as [number, number]
  const rows = height * width * channels
  const addends = denseBlocks(convolution).map(([row, column], output) => {
    const block = slice(backend, matrix, [0, output * filters], [rows, filters])
    return padWithZeros(backend, reshape(backend, block, [height, width, channels, filters]), [
      [row, filterHeight - row - height],
      [column, filterWidth - column - width],
      [0, 0],
      [0, 0],
    ])
  })
  return addAll(backend, addends)
}

/** For each output, the first of the taps under which it sees the whole picture. */
function denseBlocks(convolution: Convolution): [row: number, column: number][] {
  const { strides, padding } = convolution
  const [outHeight, outWidth] = outputSize(convolution)
  return Array.from({ length: outHeight * outWidth }, (_, output) => [
    padding - strides * Math.floor(output / outWidth),
    padding - strides * (output % outWidth),
  ])
}

/** [N, H', W', C], every `strides`-th pixel of which the 1x1 filter sees, back on a map of zeros [N, H, W, C]. */
export function spreadByStrides(
  backend: TensorFlowKernelBackend,
  dx: Tensor,
  convolution: Convolution,
): Tensor {
  const { batch, height, width, channels, strides } = convolution
  const [outHeight, outWidth] = outputSize(convolution)
  const apart = reshape(backend, dx, [batch, outHeight, 1, outWidth, channels])
  const gap: [number, number] = [0, strides - 1]
  const wide = padWithZeros(backend, reshape(backend, apart, [batch, outHeight, 1, outWidth, 1, channels]), [
    [0, 0],
    [0, 0],
    gap,
    [0, 0],
    gap,
    [0, 0],
  ])
  const map = reshape(backend, wide, [batch, outHeight * strides, outWidth * strides, channels])
  return slice(backend, map, [0, 0, 0, 0], pictureShape({ ...convolution, height, width }))
}
