import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { KernelConfig } from '@tensorflow/tfjs-core'
import { reshaped, retain } from './heap.js'

/**
 * tfjs's own copies the values, and the engine clones every tensor that it saves for a gradient: all
 * activations and weights of a training step, twice in memory. Tensors never change (but see `unshare` of
 * ApplyMomentum), so a second reference serves as well.
 */
export const sharingIdentity: KernelConfig = {
  kernelName: 'Identity',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend }) => {
    const { x } = inputs
    if (x === undefined) throw new Error('Identity without its input')
    return reshaped(retain(backend as BackendWasm, x), x.shape)
  },
}
