import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { applyMomentumKernel } from './apply-momentum.js'
import { batchNormKernels } from './batch-norm.js'
import { convolutionKernels } from './convolution.js'
import { elementwiseKernels } from './elementwise.js'
import { sharingIdentity } from './identity.js'
import { maxPoolKernels } from './max-pool.js'
import { softmaxCrossEntropyKernel } from './softmax-cross-entropy.js'

const kernels = [
  ...elementwiseKernels,
  ...convolutionKernels,
  ...maxPoolKernels,
  ...batchNormKernels,
  softmaxCrossEntropyKernel,
  applyMomentumKernel,
]

/** Adds the contract's kernels to tfjs's wasm backend. Calling it again changes nothing. */
export function registerWasmKernels(): void {
  if (getKernel('PaddedConv2D', 'wasm') !== undefined) return
  for (const kernel of kernels) registerKernel(kernel)
  unregisterKernel('Identity', 'wasm')
  registerKernel(sharingIdentity)
}
