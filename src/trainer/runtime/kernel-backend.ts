import type { DataId, DataType, Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import { TandemError } from '../../shared/errors.js'
import type { OpAttribute } from './attributes.js'
import type { OutputMetadata, TensorFlowBinding } from './binding.js'
import './node-compatibility.js'
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js'

/** What tfjs-node's backend keeps of one tensor. `values` wait on the host until an operation needs them. */
interface TensorData {
  shape: number[]
  dtype: number
  values: ArrayLike<number> | null
  id: number
  refCount: number
}

/** The members of tfjs-node's backend that Tandem builds on, with the types that its declarations lack. */
interface NodeBackend {
  readonly tensorMap: { get(dataId: DataId): TensorData; has(dataId: DataId): boolean }
  createOutputTensor(metadata: OutputMetadata): Tensor
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: readonly TensorInfo[]): Tensor
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: readonly TensorInfo[],
    outputCount: number,
  ): Tensor[]
  incRef(dataId: DataId): void
  refCount(dataId: DataId): number
  dispose(): void
}

const Base = NodeJSKernelBackend as unknown as new (
  binding: TensorFlowBinding,
  packageName: string,
) => NodeBackend & {
  move(dataId: DataId, values: unknown, shape: number[], dtype: DataType, refCount: number): void
}

/** tfjs-node's own backend, aware of tracing. All of its kernels run unchanged. */
export class TensorFlowKernelBackend extends Base {
  constructor(readonly binding: TensorFlowBinding) {
    super(binding, '@tensorflow/tfjs-node-gpu')
  }

  /** Remembers what a step makes itself, so that everything else is known to come from outside. */
  override move(dataId: DataId, values: unknown, shape: number[], dtype: DataType, refCount: number): void {
    this.binding.trace?.ownData.add(dataId)
    super.move(dataId, values, shape, dtype, refCount)
  }

  /**
   * The binding's ids of an operation's inputs. Values that wait on the host are uploaded first; those from
   * outside a trace at once and for good, since as part of the graph they would be gone when it ends.
   */
  getInputTensorIds(inputs: readonly TensorInfo[]): number[] {
    return inputs.map((input) => this.idOf(input))
  }

  idOf(input: TensorInfo): number {
    const { binding } = this
    const data = this.tensorMap.get(input.dataId)
    const variableName = binding.trace?.foreignVariables.get(input.dataId)
    if (variableName !== undefined) throw notInState(binding.trace?.stepName ?? '', variableName)
    if (data.values !== null) {
      const belongsToTrace = binding.trace?.ownData.has(input.dataId) === true
      data.id = belongsToTrace
        ? binding.createTensor(data.shape, data.dtype, data.values)
        : binding.createValue(data.shape, data.dtype, data.values)
      data.values = null
    }
    return data.id
  }
}

function notInState(stepName: string, variableName: string): TandemError {
  return new TandemError({
    code: 'state-missing',
    message: `step "${stepName}" reads the variable ${variableName}, which is not in its state`,
    hint: 'List every variable that the step reads or assigns in `state`.',
  })
}
