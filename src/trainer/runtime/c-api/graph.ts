import koffi from 'koffi'
import type { Declare, GraphOutput, Pointer } from './prototype.js'

koffi.struct('TF_Output', { oper: 'void *', index: 'int' })

/** Building graphs and turning them into functions (tensorflow/c/c_api.h, tensorflow/c/c_api_function.h). */
export function graphFunctions(declare: Declare) {
  return {
    newGraph: declare<() => Pointer>('void *TF_NewGraph()'),
    deleteGraph: declare<(graph: Pointer) => void>('void TF_DeleteGraph(void *graph)'),
    newOperation: declare<(graph: Pointer, type: string, name: string) => Pointer>(
      'void *TF_NewOperation(void *graph, const char *type, const char *name)',
    ),
    setDevice: declare<(operation: Pointer, device: string) => void>(
      'void TF_SetDevice(void *operation, const char *device)',
    ),
    addInput: declare<(operation: Pointer, input: GraphOutput) => void>(
      'void TF_AddInput(void *operation, TF_Output input)',
    ),
    addInputList: declare<(operation: Pointer, inputs: readonly GraphOutput[], count: number) => void>(
      'void TF_AddInputList(void *operation, TF_Output *inputs, int count)',
    ),
    addControlInput: declare<(operation: Pointer, before: Pointer) => void>(
      'void TF_AddControlInput(void *operation, void *before)',
    ),
    setString: declare<(operation: Pointer, name: string, value: Uint8Array, bytes: number) => void>(
      'void TF_SetAttrString(void *operation, const char *name, void *value, size_t bytes)',
    ),
    setInt: declare<(operation: Pointer, name: string, value: number) => void>(
      'void TF_SetAttrInt(void *operation, const char *name, int64_t value)',
    ),
    setIntList: declare<(operation: Pointer, name: string, values: BigInt64Array, count: number) => void>(
      'void TF_SetAttrIntList(void *operation, const char *name, void *values, int count)',
    ),
    setFloat: declare<(operation: Pointer, name: string, value: number) => void>(
      'void TF_SetAttrFloat(void *operation, const char *name, float value)',
    ),
    setBool: declare<(operation: Pointer, name: string, value: number) => void>(
      'void TF_SetAttrBool(void *operation, const char *name, uint8_t value)',
    ),
    setTypeList: declare<(operation: Pointer, name: string, values: Int32Array, count: number) => void>(
      'void TF_SetAttrTypeList(void *operation, const char *name, void *values, int count)',
    ),
    setType: declare<(operation: Pointer, name: string, value: number) => void>(
      'void TF_SetAttrType(void *operation, const char *name, int value)',
    ),
    setShape: declare<(operation: Pointer, name: string, dimensions: BigInt64Array, rank: number) => void>(
      'void TF_SetAttrShape(void *operation, const char *name, void *dimensions, int rank)',
    ),
    setTensor: declare<(operation: Pointer, name: string, tensor: Pointer, status: Pointer) => void>(
      'void TF_SetAttrTensor(void *operation, const char *name, void *tensor, void *status)',
    ),
    finishOperation: declare<(operation: Pointer, status: Pointer) => Pointer>(
      'void *TF_FinishOperation(void *operation, void *status)',
    ),
    operationDevice: declare<(operation: Pointer) => string>(
      'const char *TF_OperationDevice(void *operation)',
    ),
    outputDtype: declare<(output: GraphOutput) => number>('int TF_OperationOutputType(TF_Output output)'),
    outputRank: declare<(graph: Pointer, output: GraphOutput, status: Pointer) => number>(
      'int TF_GraphGetTensorNumDims(void *graph, TF_Output output, void *status)',
    ),
    outputShape: declare<
      (graph: Pointer, output: GraphOutput, dimensions: BigInt64Array, rank: number, status: Pointer) => void
    >('void TF_GraphGetTensorShape(void *graph, TF_Output output, void *dimensions, int rank, void *status)'),
    consumerCount: declare<(output: GraphOutput) => number>(
      'int TF_OperationOutputNumConsumers(TF_Output output)',
    ),
    /** Fills one (operation, input index) pair of 16 bytes a consumer. */
    consumers: declare<(output: GraphOutput, pairs: BigUint64Array, count: number) => number>(
      'int TF_OperationOutputConsumers(TF_Output output, void *pairs, int count)',
    ),
    graphToFunction: declare<
      (
        graph: Pointer,
        name: string,
        appendHash: number,
        operationCount: number,
        operations: null,
        inputCount: number,
        inputs: readonly GraphOutput[],
        outputCount: number,
        outputs: readonly GraphOutput[],
        outputNames: null,
        controlOutputCount: number,
        controlOutputs: BigUint64Array,
        controlOutputNames: null,
        options: null,
        description: null,
        status: Pointer,
      ) => Pointer
    >(
      'void *TF_GraphToFunctionWithControlOutputs(void *graph, const char *name, uint8_t appendHash, int operationCount, void *operations, int inputCount, TF_Output *inputs, int outputCount, TF_Output *outputs, void *outputNames, int controlOutputCount, void *controlOutputs, void *controlOutputNames, void *options, const char *description, void *status)',
    ),
    deleteFunction: declare<(fn: Pointer) => void>('void TF_DeleteFunction(void *fn)'),

    newBuffer: declare<() => Pointer>('void *TF_NewBuffer()'),
    deleteBuffer: declare<(buffer: Pointer) => void>('void TF_DeleteBuffer(void *buffer)'),
    opDefinition: declare<(graph: Pointer, type: string, buffer: Pointer, status: Pointer) => void>(
      'void TF_GraphGetOpDef(void *graph, const char *type, void *buffer, void *status)',
    ),
  }
}
