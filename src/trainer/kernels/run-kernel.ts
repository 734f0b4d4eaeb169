import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core'
import type { KernelContract, KernelName } from './contract.js'

/** Runs one of Tandem's own kernels on the current backend; its outputs as the contract lists them. */
export function runKernel<Name extends KernelName>(
  name: Name,
  inputs: KernelContract[Name]['inputs'],
  attributes: KernelContract[Name]['attributes'],
): KernelContract[Name]['outputs'] {
  // The engine's types know tensors and plain values only; ApplyMomentum's variables pass through it unread.
  const result: Tensor | Tensor[] = engine().runKernel(
    name,
    inputs as NamedTensorMap,
    attributes as unknown as NamedAttrMap,
  )
  const outputs = Array.isArray(result) ? result : [result]
  return outputs as unknown as KernelContract[Name]['outputs']
}
