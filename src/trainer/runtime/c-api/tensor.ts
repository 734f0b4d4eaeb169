import type { Declare, Pointer } from './prototype.js'

/** Tensors in host memory and the eager handles around them (tensorflow/c/tf_tensor.h, eager/c_api.h). */
export function tensorFunctions(declare: Declare) {
  return {
    allocateTensor: declare<
      (dtype: number, dimensions: BigInt64Array, rank: number, bytes: number) => Pointer
    >('void *TF_AllocateTensor(int dtype, void *dimensions, int rank, size_t bytes)'),
    newTensor: declare<
      (
        dtype: number,
        dimensions: BigInt64Array,
        rank: number,
        data: Pointer,
        bytes: number,
        deallocator: Pointer,
        argument: Pointer,
      ) => Pointer
    >(
      'void *TF_NewTensor(int dtype, void *dimensions, int rank, void *data, size_t bytes, void *deallocator, void *argument)',
    ),
    tensorData: declare<(tensor: Pointer) => Pointer>('void *TF_TensorData(void *tensor)'),
    tensorByteSize: declare<(tensor: Pointer) => number>('size_t TF_TensorByteSize(void *tensor)'),
    deleteTensor: declare<(tensor: Pointer) => void>('void TF_DeleteTensor(void *tensor)'),

    newHandle: declare<(tensor: Pointer, status: Pointer) => Pointer>(
      'void *TFE_NewTensorHandle(void *tensor, void *status)',
    ),
    deleteHandle: declare<(handle: Pointer) => void>('void TFE_DeleteTensorHandle(void *handle)'),
    copySharingTensor: declare<(handle: Pointer, status: Pointer) => Pointer>(
      'void *TFE_TensorHandleCopySharingTensor(void *handle, void *status)',
    ),
    resolveHandle: declare<(handle: Pointer, status: Pointer) => Pointer>(
      'void *TFE_TensorHandleResolve(void *handle, void *status)',
    ),
    handleDtype: declare<(handle: Pointer) => number>('int TFE_TensorHandleDataType(void *handle)'),
    handleRank: declare<(handle: Pointer, status: Pointer) => number>(
      'int TFE_TensorHandleNumDims(void *handle, void *status)',
    ),
    handleDimension: declare<(handle: Pointer, index: number, status: Pointer) => number | bigint>(
      'int64_t TFE_TensorHandleDim(void *handle, int index, void *status)',
    ),
  }
}
