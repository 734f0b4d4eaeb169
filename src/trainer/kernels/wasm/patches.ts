import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { allocate, floats, release, reshaped, retain, transpose } from './heap.js'
import { addPatchColumns, type ConvolutionShape, copyPatchColumns, copyPatchRows } from './im2col.js'

/** N H' W': how often the filter is applied. */
export function positionCount({ batch, outHeight, outWidth }: ConvolutionShape): number {
  return batch * outHeight * outWidth
}

/** kh kw C: how many values lie under the filter. */
export function patchLength({ filterHeight, filterWidth, channels }: ConvolutionShape): number {
  return filterHeight * filterWidth * channels
}

/** [positions, patch length], with zeros where a patch overlaps the padding. */
export function patchRows(backend: BackendWasm, x: TensorInfo, shape: ConvolutionShape): TensorInfo {
  if (isPointwise(shape)) return reshaped(retain(backend, x), [pixelCount(shape), shape.channels])
  const rows = allocate(backend, [positionCount(shape), patchLength(shape)])
  const values = floats(backend, rows).fill(0)
  copyPatchRows(floats(backend, x), shape, values)
  return rows
}

/** [patch length, positions], with zeros where a patch overlaps the padding. */
export function patchColumns(backend: BackendWasm, x: TensorInfo, shape: ConvolutionShape): TensorInfo {
  const planes = transpose(backend, reshaped(x, [pixelCount(shape), shape.channels]))
  if (isPointwise(shape)) return planes
  const columns = allocate(backend, [patchLength(shape), positionCount(shape)])
  const values = floats(backend, columns).fill(0)
  copyPatchColumns(floats(backend, planes), shape, values)
  release(backend, planes)
  return columns
}

/** Sums [patch length, positions] into planes [C, N H W]: every pixel gets what all patches hold of it. */
export function planesFromPatchColumns(
  backend: BackendWasm,
  columns: TensorInfo,
  shape: ConvolutionShape,
): TensorInfo {
  if (isPointwise(shape)) return retain(backend, columns)
  const planes = allocate(backend, [shape.channels, pixelCount(shape)])
  const values = floats(backend, planes).fill(0)
  addPatchColumns(floats(backend, columns), shape, values)
  return planes
}

function pixelCount({ batch, height, width }: ConvolutionShape): number {
  return batch * height * width
}

/** Each position covers one pixel and each pixel has one position: the pictures already are their patches. */
function isPointwise(shape: ConvolutionShape): boolean {
  return patchLength(shape) === shape.channels && positionCount(shape) === pixelCount(shape)
}
