import { scalar, type Tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { attribute } from '../../runtime/attributes.js'
import { dtypes } from '../../runtime/dtype.js'
import type { TensorFlowKernelBackend } from '../../runtime/kernel-backend.js'

/*
 * TensorFlow operations on float32 tensors that lowerings are put together from. Call them inside `tidy`: they leave
 * the small tensors behind that TensorFlow takes its shapes and offsets from.
 */

const T = attribute.type('T', dtypes.float32)

export function reshape(backend: TensorFlowKernelBackend, x: Tensor, shape: readonly number[]): Tensor {
  const attributes = [T, attribute.type('Tshape', dtypes.int32)]
  return backend.executeSingleOutput('Reshape', attributes, [x, integers(shape)])
}

export function transpose(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  permutation: readonly number[],
): Tensor {
  const attributes = [T, attribute.type('Tperm', dtypes.int32)]
  return backend.executeSingleOutput('Transpose', attributes, [x, integers(permutation)])
}

/** Turns an axis round. */
export function reverse(backend: TensorFlowKernelBackend, x: Tensor, axes: readonly number[]): Tensor {
  const attributes = [T, attribute.type('Tidx', dtypes.int32)]
  return backend.executeSingleOutput('ReverseV2', attributes, [x, integers(axes)])
}

/** `counts` elements of each axis from `begin` on. */
export function slice(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  begin: readonly number[],
  counts: readonly number[],
): Tensor {
  const isWhole = counts.every((count, axis) => begin[axis] === 0 && count === x.shape[axis])
  if (isWhole) return x
  const attributes = [T, attribute.type('Index', dtypes.int32)]
  return backend.executeSingleOutput('Slice', attributes, [x, integers(begin), integers(counts)])
}

/** Pixels of [N, H, W, C]: `rows` and `columns` of them from `top` and `left` on, every `strides`-th. */
export function pixels(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  [top, left]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  strides: number,
): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  if (strides === 1) return slice(backend, x, [0, top, left, 0], [batch, rows, columns, channels])
  // With the strides as axes of their own it is a plain slice: StridedSlice takes several times as long on CPUs.
  const up = (length: number) => Math.ceil(length / strides) * strides
  const even = padWithZeros(backend, x, [
    [0, 0],
    [0, up(height) - height],
    [0, up(width) - width],
    [0, 0],
  ])
  const grid = reshape(backend, even, [
    batch,
    up(height) / strides,
    strides,
    up(width) / strides,
    strides * channels,
  ])
  const begin = [
    0,
    Math.floor(top / strides),
    top % strides,
    Math.floor(left / strides),
    (left % strides) * channels,
  ]
  return reshape(backend, slice(backend, grid, begin, [batch, rows, 1, columns, channels]), [
    batch,
    rows,
    columns,
    channels,
  ])
}

/** Zeros before and after each axis. */
export function padWithZeros(
  backend: TensorFlowKernelBackend,
  x: Tensor,
  amounts: readonly (readonly [before: number, after: number])[],
): Tensor {
  if (amounts.every(([before, after]) => before === 0 && after === 0)) return x
  const attributes = [T, attribute.type('Tpaddings', dtypes.int32)]
  const paddings = tensor2d(amounts.flat(), [amounts.length, 2], 'int32')
  return backend.executeSingleOutput('Pad', attributes, [x, paddings])
}

export function concatenate(
  backend: TensorFlowKernelBackend,
  parts: readonly Tensor[],
  axis: number,
): Tensor {
  if (parts.length === 1) return parts[0] as Tensor
  const attributes = [T, attribute.int('N', parts.length), attribute.type('Tidx', dtypes.int32)]
  return backend.executeSingleOutput('ConcatV2', attributes, [...parts, scalar(axis, 'int32')])
}

export function addAll(backend: TensorFlowKernelBackend, addends: readonly Tensor[]): Tensor {
  if (addends.length === 1) return addends[0] as Tensor
  return backend.executeSingleOutput('AddN', [T, attribute.int('N', addends.length)], addends)
}

/** [m, k] times [k, n]; either may be given transposed. */
export function matMul(
  backend: TensorFlowKernelBackend,
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false } = {},
): Tensor {
  const attributes = [T, attribute.bool('transpose_a', transposeA), attribute.bool('transpose_b', transposeB)]
  return backend.executeSingleOutput('MatMul', attributes, [a, b])
}

/** [batch, m, k] times [batch, k, n] for each of a batch, or one for all of it; either may be given transposed. */
export function batchMatMul(
  backend: TensorFlowKernelBackend,
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false } = {},
): Tensor {
  const attributes = [T, attribute.bool('adj_x', transposeA), attribute.bool('adj_y', transposeB)]
  return backend.executeSingleOutput('BatchMatMulV2', attributes, [a, b])
}

function integers(values: readonly number[]): Tensor {
  return tensor1d([...values], 'int32')
}
