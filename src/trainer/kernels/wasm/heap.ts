import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { getKernel, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core'
import type { WindowAttributes } from '../contract.js'

/*
 * How kernels use the wasm backend's memory. An allocation may grow that memory, which detaches every array
 * over it: allocate first, then take the arrays with `floats` and `integers`.
 */

export function allocate(backend: BackendWasm, shape: number[]): TensorInfo {
  return backend.makeOutput(shape, 'float32')
}

/** One more reference to the same memory. */
export function retain(backend: BackendWasm, tensor: TensorInfo): TensorInfo {
  backend.incRef(tensor.dataId)
  return tensor
}

/** Gives up one reference; the memory is freed with the last. */
export function release(backend: BackendWasm, ...tensors: TensorInfo[]): void {
  for (const tensor of tensors) backend.disposeData(tensor.dataId)
}

/** The tensor's values in place. */
export function floats(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array
}

/** The tensor's values in place. */
export function integers(backend: BackendWasm, tensor: TensorInfo): Int32Array {
  return backend.typedArrayFromHeap(tensor) as Int32Array
}

/** The same memory seen with another shape. It holds no reference of its own: never `release` it. */
export function reshaped(tensor: TensorInfo, shape: number[]): TensorInfo {
  return { dataId: tensor.dataId, shape, dtype: tensor.dtype }
}

/** [rows, inner] times [inner, columns]. Packs `b` anew unless the same tensor was multiplied by before. */
export function matMul(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  return run(backend, 'BatchMatMul', { a, b }, { transposeA: false, transposeB: false })
}

/** [rows, columns] to [columns, rows]. */
export function transpose(backend: BackendWasm, x: TensorInfo): TensorInfo {
  return run(backend, 'Transpose', { x }, { perm: [1, 0] })
}

/** tfjs's own forward convolution, by XNNPACK, which prepares `filter` once and remembers it by tensor. */
export function convolve(
  backend: BackendWasm,
  x: TensorInfo,
  filter: TensorInfo,
  { strides, padding }: WindowAttributes,
): TensorInfo {
  return run(
    backend,
    'Conv2D',
    { x, filter },
    { strides, pad: padding, dataFormat: 'NHWC', dilations: 1, dimRoundingMode: 'floor' },
  )
}

/**
 * Tells XNNPACK that the values of `tensor` were overwritten: it keeps convolution filters and right-hand
 * matrices in a packed form, by tensor, and would go on using the old ones.
 */
export function forgetPacked(backend: BackendWasm, tensor: TensorInfo): void {
  const data = backend.dataIdMap.get(tensor.dataId)
  backend.wasm.tfjs.disposeData(data.id)
  backend.wasm.tfjs.registerTensor(data.id, floats(backend, tensor).length, data.memoryOffset)
}

function run(
  backend: BackendWasm,
  kernelName: string,
  inputs: Record<string, TensorInfo>,
  attrs: NamedAttrMap,
): TensorInfo {
  const output = getKernel(kernelName, 'wasm').kernelFunc({ inputs, attrs, backend })
  return output as TensorInfo
}
