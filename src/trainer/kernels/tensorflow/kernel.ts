import { registerKernel, type Tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import type { TensorFlowKernelBackend } from '../../runtime/kernel-backend.js'
import type { KernelContract, KernelName } from '../contract.js'

export interface KernelCall<Name extends KernelName> {
  inputs: KernelContract[Name]['inputs']
  attributes: KernelContract[Name]['attributes']
  backend: TensorFlowKernelBackend
}

/** Registers one of Tandem's kernels for TensorFlow. */
export function register<Name extends KernelName>(
  name: Name,
  run: (call: KernelCall<Name>) => KernelContract[Name]['outputs'],
): void {
  registerKernel({
    kernelName: name,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run({
        inputs: inputs as unknown as KernelContract[Name]['inputs'],
        attributes: attrs as unknown as KernelContract[Name]['attributes'],
        backend: backend as TensorFlowKernelBackend,
      }) as Tensor[],
  })
}

/** A shape, axes or offsets as the int32 tensor that TensorFlow's operations take; the caller disposes it. */
export function int32Vector(values: readonly number[]): Tensor {
  return tensor1d([...values], 'int32')
}

/** Padding amounts [[before, after], ...] as the int32 tensor that Pad takes; the caller disposes it. */
export function int32Pairs(pairs: readonly (readonly [number, number])[]): Tensor {
  return tensor2d(pairs.flat(), [pairs.length, 2], 'int32')
}
