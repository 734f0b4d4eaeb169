import type { DataType } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'

/** TensorFlow's TF_DataType numbers that Tandem handles (tensorflow/c/tf_datatype.h). */
export const dtypes = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  float16: 19,
  resource: 20,
} as const

const bytesByCode: Readonly<Record<number, number>> = {
  [dtypes.float32]: 4,
  [dtypes.int32]: 4,
  [dtypes.uint8]: 1,
  [dtypes.int64]: 8,
  [dtypes.bool]: 1,
  [dtypes.bfloat16]: 2,
  [dtypes.float16]: 2,
}

export type HostValues = Float32Array | Int32Array | Uint8Array

/** Bytes of one element. Throws `tensorflow-dtype` for strings and handles, which have no fixed size. */
export function bytesPerElement(dtype: number): number {
  const bytes = bytesByCode[dtype]
  if (bytes === undefined) {
    throw new TandemError({
      code: 'tensorflow-dtype',
      message: `TensorFlow dtype ${dtype} cannot be exchanged with JavaScript`,
      hint: 'Cast to float32, int32 or bool inside the step.',
    })
  }
  return bytes
}

export function dtypeOf(name: DataType): number {
  switch (name) {
    case 'float32':
    case 'int32':
    case 'bool':
    case 'string':
    case 'complex64':
      return dtypes[name]
    default:
      throw new TandemError({
        code: 'tensorflow-dtype',
        message: `tfjs dtype ${String(name)} is not known`,
        hint: 'Use float32, int32 or bool.',
      })
  }
}

/** Bytes as the typed array that tfjs expects for `dtype`. */
export function viewAs(dtype: number, bytes: Uint8Array): HostValues {
  switch (dtype) {
    case dtypes.float32:
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    case dtypes.int32:
      return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    default:
      return bytes
  }
}

/** Bytes of host values as TensorFlow stores them under `dtype`; converts only where tfjs's array type differs. */
export function toBytes(dtype: number, values: ArrayLike<number> | ArrayBufferView): Uint8Array {
  if (ArrayBuffer.isView(values)) {
    const isStoredAlike =
      dtype === dtypes.int64 ||
      (dtype === dtypes.float32 && values instanceof Float32Array) ||
      (dtype === dtypes.int32 && values instanceof Int32Array) ||
      (bytesPerElement(dtype) === 1 && values instanceof Uint8Array)
    if (isStoredAlike) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  }
  const numbers = values as ArrayLike<number>
  switch (dtype) {
    case dtypes.float32:
      return new Uint8Array(Float32Array.from(numbers).buffer)
    case dtypes.int32:
      return new Uint8Array(Int32Array.from(numbers).buffer)
    case dtypes.bool:
    case dtypes.uint8:
      return Uint8Array.from(numbers)
    default:
      throw new TandemError({
        code: 'tensorflow-dtype',
        message: `host values cannot become a tensor of TensorFlow dtype ${dtype}`,
        hint: 'Use float32, int32 or bool.',
      })
  }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1)
}
