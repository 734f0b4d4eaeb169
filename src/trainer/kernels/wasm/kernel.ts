import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import type { KernelContract, KernelName } from '../contract.js'

/** The contract's inputs as a kernel of tfjs receives them. */
type Inputs<Name extends KernelName> = {
  [Input in keyof KernelContract[Name]['inputs']]: TensorInfo
}

/** As many outputs as the contract lists. */
type TensorInfos<Tensors extends readonly Tensor[]> = { [Index in keyof Tensors]: TensorInfo }

export type Kernel<Name extends KernelName> = (
  backend: BackendWasm,
  inputs: Inputs<Name>,
  attributes: KernelContract[Name]['attributes'],
) => TensorInfos<KernelContract[Name]['outputs']>

/** One of the contract's kernels in the form that tfjs registers. */
export function wasmKernel<Name extends KernelName>(kernelName: Name, compute: Kernel<Name>): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute(
        backend as BackendWasm,
        inputs as Inputs<Name>,
        attrs as unknown as KernelContract[Name]['attributes'],
      ) as unknown as TensorInfo[],
  }
}
