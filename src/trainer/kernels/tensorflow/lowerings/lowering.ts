import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorFlowKernelBackend } from '../../../runtime/kernel-backend.js'
import type { KernelContract } from '../../contract.js'
import type { Convolution } from '../../convolution-geometry.js'
import type { ConvolutionKernel } from '../../lowering-choices.js'

/**
 * One way to compute a convolution kernel by TensorFlow operations. All ways of a kernel are equal but for rounding;
 * which is fastest depends on shape, precision and processor.
 */
export interface Lowering<Name extends ConvolutionKernel = ConvolutionKernel> {
  name: string
  applies(convolution: Convolution): boolean
  /**
   * Rounds values on its way that are larger than what becomes of them. In float32 that does not matter; in 16 bits it
   * costs accuracy, so mixed precision does not use it.
   */
  needsFloat32?: true
  /** Runs inside `tidy`. */
  compute(
    backend: TensorFlowKernelBackend,
    inputs: KernelContract[Name]['inputs'],
    convolution: Convolution,
  ): Tensor
}
