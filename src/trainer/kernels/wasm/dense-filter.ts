import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type Convolution, outputSize } from '../convolution-geometry.js'
import { allocate, floats } from './heap.js'

/*
 * A convolution under which every output sees every input (`isFullyConnected`) as a fully connected layer: its filter
 * [kh, kw, C, K] laid out as the matrix [H W C, H' W' K] that takes pictures as rows to outputs as rows.
 */

export function denseMatrix(backend: BackendWasm, filter: TensorInfo, convolution: Convolution): TensorInfo {
  const { rows, columns } = matrixSize(convolution)
  const matrix = allocate(backend, [rows, columns])
  const source = floats(backend, filter)
  const target = floats(backend, matrix)
  for (const { filterOffset, matrixOffset, length } of weightRows(convolution)) {
    target.set(source.subarray(filterOffset, filterOffset + length), matrixOffset)
  }
  return matrix
}

/** The gradient of `denseMatrix`: what stands for one weight is added up; weights that do not occur get zero. */
export function filterFromDense(
  backend: BackendWasm,
  matrix: TensorInfo,
  convolution: Convolution,
): TensorInfo {
  const { filterHeight, filterWidth, channels, filters } = convolution
  const filter = allocate(backend, [filterHeight, filterWidth, channels, filters])
  const source = floats(backend, matrix)
  const target = floats(backend, filter).fill(0)
  for (const { filterOffset, matrixOffset, length } of weightRows(convolution)) {
    for (let index = 0; index < length; index++) {
      const weight = filterOffset + index
      target[weight] = (target[weight] as number) + (source[matrixOffset + index] as number)
    }
  }
  return filter
}

function matrixSize(convolution: Convolution) {
  const [outHeight, outWidth] = outputSize(convolution)
  return {
    rows: convolution.height * convolution.width * convolution.channels,
    columns: outHeight * outWidth * convolution.filters,
  }
}

/** Every run of K weights, where it lies in the filter and in the matrix. */
function* weightRows(convolution: Convolution) {
  const { height, width, channels, filterWidth, filters, strides, padding } = convolution
  const [outHeight, outWidth] = outputSize(convolution)
  const { columns } = matrixSize(convolution)
  for (let output = 0; output < outHeight * outWidth; output++) {
    const tapY = padding - strides * Math.floor(output / outWidth)
    const tapX = padding - strides * (output % outWidth)
    for (let input = 0; input < height * width; input++) {
      const tap = (tapY + Math.floor(input / width)) * filterWidth + tapX + (input % width)
      for (let channel = 0; channel < channels; channel++) {
        yield {
          filterOffset: (tap * channels + channel) * filters,
          matrixOffset: (input * channels + channel) * columns + output * filters,
          length: filters,
        }
      }
    }
  }
}
