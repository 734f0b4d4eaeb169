import type { Declare, Pointer } from './prototype.js'

/** Status, context and eagerly executed operations (tensorflow/c/c_api.h, tensorflow/c/eager/c_api.h). */
export function eagerFunctions(declare: Declare) {
  return {
    version: declare<() => string>('const char *TF_Version()'),

    newStatus: declare<() => Pointer>('void *TF_NewStatus()'),
    deleteStatus: declare<(status: Pointer) => void>('void TF_DeleteStatus(void *status)'),
    setStatus: declare<(status: Pointer, code: number, message: string) => void>(
      'void TF_SetStatus(void *status, int code, const char *message)',
    ),
    statusCode: declare<(status: Pointer) => number>('int TF_GetCode(void *status)'),
    statusMessage: declare<(status: Pointer) => string>('const char *TF_Message(void *status)'),

    newContextOptions: declare<() => Pointer>('void *TFE_NewContextOptions()'),
    deleteContextOptions: declare<(options: Pointer) => void>('void TFE_DeleteContextOptions(void *options)'),
    setConfig: declare<(options: Pointer, config: Uint8Array, bytes: number, status: Pointer) => void>(
      'void TFE_ContextOptionsSetConfig(void *options, void *config, size_t bytes, void *status)',
    ),
    setPlacementPolicy: declare<(options: Pointer, policy: number) => void>(
      'void TFE_ContextOptionsSetDevicePlacementPolicy(void *options, int policy)',
    ),
    newContext: declare<(options: Pointer, status: Pointer) => Pointer>(
      'void *TFE_NewContext(void *options, void *status)',
    ),
    deleteContext: declare<(context: Pointer) => void>('void TFE_DeleteContext(void *context)'),
    enableCollectives: declare<
      (context: Pointer, serverDefinition: Uint8Array, bytes: number, status: Pointer) => void
    >('void TFE_EnableCollectiveOps(void *context, void *definition, size_t bytes, void *status)'),
    abortCollectives: declare<(context: Pointer, reason: Pointer) => void>(
      'void TFE_AbortCollectiveOps(void *context, void *reason)',
    ),
    checkPeerHealth: declare<(context: Pointer, task: string, timeoutMs: number, status: Pointer) => void>(
      'void TFE_CollectiveOpsCheckPeerHealth(void *context, const char *task, int64_t timeoutMs, void *status)',
    ),
    listDevices: declare<(context: Pointer, status: Pointer) => Pointer>(
      'void *TFE_ContextListDevices(void *context, void *status)',
    ),
    deviceListCount: declare<(list: Pointer) => number>('int TF_DeviceListCount(void *list)'),
    deviceListName: declare<(list: Pointer, index: number, status: Pointer) => string>(
      'const char *TF_DeviceListName(void *list, int index, void *status)',
    ),
    deleteDeviceList: declare<(list: Pointer) => void>('void TF_DeleteDeviceList(void *list)'),
    addFunction: declare<(context: Pointer, fn: Pointer, status: Pointer) => void>(
      'void TFE_ContextAddFunction(void *context, void *fn, void *status)',
    ),
    removeFunction: declare<(context: Pointer, name: string, status: Pointer) => void>(
      'void TFE_ContextRemoveFunction(void *context, const char *name, void *status)',
    ),

    newOp: declare<(context: Pointer, name: string, status: Pointer) => Pointer>(
      'void *TFE_NewOp(void *context, const char *name, void *status)',
    ),
    deleteOp: declare<(op: Pointer) => void>('void TFE_DeleteOp(void *op)'),
    setOpDevice: declare<(op: Pointer, device: string, status: Pointer) => void>(
      'void TFE_OpSetDevice(void *op, const char *device, void *status)',
    ),
    addInput: declare<(op: Pointer, input: Pointer, status: Pointer) => void>(
      'void TFE_OpAddInput(void *op, void *input, void *status)',
    ),
    addInputList: declare<(op: Pointer, inputs: BigUint64Array, count: number, status: Pointer) => void>(
      'void TFE_OpAddInputList(void *op, void *inputs, int count, void *status)',
    ),
    setString: declare<(op: Pointer, name: string, value: Uint8Array, bytes: number) => void>(
      'void TFE_OpSetAttrString(void *op, const char *name, void *value, size_t bytes)',
    ),
    setInt: declare<(op: Pointer, name: string, value: number) => void>(
      'void TFE_OpSetAttrInt(void *op, const char *name, int64_t value)',
    ),
    setIntList: declare<(op: Pointer, name: string, values: BigInt64Array, count: number) => void>(
      'void TFE_OpSetAttrIntList(void *op, const char *name, void *values, int count)',
    ),
    setFloat: declare<(op: Pointer, name: string, value: number) => void>(
      'void TFE_OpSetAttrFloat(void *op, const char *name, float value)',
    ),
    setBool: declare<(op: Pointer, name: string, value: number) => void>(
      'void TFE_OpSetAttrBool(void *op, const char *name, uint8_t value)',
    ),
    setTypeList: declare<(op: Pointer, name: string, values: Int32Array, count: number) => void>(
      'void TFE_OpSetAttrTypeList(void *op, const char *name, void *values, int count)',
    ),
    setType: declare<(op: Pointer, name: string, value: number) => void>(
      'void TFE_OpSetAttrType(void *op, const char *name, int value)',
    ),
    setShape: declare<
      (op: Pointer, name: string, dimensions: BigInt64Array, rank: number, status: Pointer) => void
    >('void TFE_OpSetAttrShape(void *op, const char *name, void *dimensions, int rank, void *status)'),
    execute: declare<
      (op: Pointer, outputs: BigUint64Array, outputCount: Int32Array, status: Pointer) => void
    >('void TFE_Execute(void *op, void *outputs, void *outputCount, void *status)'),
  }
}
