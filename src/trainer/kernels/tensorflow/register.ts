import { registerBatchNorm } from './batch-norm.js'
import { registerConvolution } from './convolution.js'
import { registerElementwise } from './elementwise.js'
import { registerMomentum } from './momentum.js'
import { registerPooling } from './pooling.js'

let registered = false

/** Registers Tandem's kernels for TensorFlow with tfjs, once a process. */
export function registerTensorFlowKernels(): void {
  if (registered) return
  registered = true
  registerBatchNorm()
  registerConvolution()
  registerElementwise()
  registerMomentum()
  registerPooling()
}
