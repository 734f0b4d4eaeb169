import {
  type GradConfig,
  mul,
  type NamedAttrMap,
  registerGradient,
  reshape,
  type Tensor,
} from '@tensorflow/tfjs-core'
import type { KernelContract, KernelName } from './contract.js'
import { runKernel } from './run-kernel.js'
import { tfjsGradients } from './tfjs-gradients.js'

/**
 * Makes Tandem's kernels differentiable, and the tfjs kernels that models are built of. Both backends share
 * these. Loading `@tensorflow/tfjs` (tfjs-node does) registers tfjs's own gradients, and the last
 * registration wins: call this after the backend's packages are loaded. Calling it again is harmless.
 */
export function registerGradients(): void {
  for (const config of [...kernelGradients, ...tfjsGradients]) registerGradient(config)
}

const kernelGradients: GradConfig[] = [
  {
    kernelName: 'PaddedConv2D',
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attributes) => {
      const [x, filter] = saved as [Tensor, Tensor]
      const window = attributesOf<'PaddedConv2D'>(attributes)
      return {
        x: () =>
          runKernel(
            'PaddedConv2DBackpropInput',
            { dy: firstOf(dy), filter },
            { ...window, inputShape: x.shape },
          )[0],
        filter: () =>
          runKernel(
            'PaddedConv2DBackpropFilter',
            { x, dy: firstOf(dy) },
            { ...window, filterShape: filter.shape },
          )[0],
      }
    },
  },
  {
    kernelName: 'PaddedMaxPool',
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [x, y] = saved as [Tensor, Tensor]
      const window = attributesOf<'PaddedMaxPool'>(attributes)
      return { x: () => runKernel('PaddedMaxPoolGrad', { x, y, dy: firstOf(dy) }, window)[0] }
    },
  },
  {
    kernelName: 'BatchNormTraining',
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dys, saved, attributes) => {
      const [x, scale, reserved1, reserved2, reserved3] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor]
      const { epsilon } = attributesOf<'BatchNormTraining'>(attributes)
      const [dx, dscale, doffset] = runKernel(
        'BatchNormTrainingGrad',
        { dy: firstOf(dys), x, scale, reserved1, reserved2, reserved3 },
        { epsilon },
      )
      return { x: () => dx, scale: () => dscale, offset: () => doffset }
    },
  },
  {
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, saved) => {
      const [y] = saved as [Tensor]
      return { x: () => runKernel('ReluGrad', { dy: firstOf(dy), y }, {})[0] }
    },
  },
  {
    kernelName: 'SparseSoftmaxCrossEntropy',
    outputsToSave: [false, true],
    gradFunc: (dys, saved) => {
      const [dlogits] = saved as [Tensor]
      return { logits: () => mul(dlogits, reshape(firstOf(dys), [-1, 1])) }
    },
  },
]

/** The attributes of a tape node, as the op that made it passed them. */
function attributesOf<Name extends KernelName>(attributes: NamedAttrMap): KernelContract[Name]['attributes'] {
  return attributes as unknown as KernelContract[Name]['attributes']
}

/** tfjs passes one gradient per output, or the tensor itself when the kernel has one output. */
function firstOf(dy: Tensor | Tensor[]): Tensor {
  return Array.isArray(dy) ? (dy[0] as Tensor) : dy
}
