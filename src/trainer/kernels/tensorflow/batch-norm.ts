import type { Tensor } from '@tensorflow/tfjs-core'
import { attribute } from '../../runtime/attributes.js'
import { dtypes } from '../../runtime/dtype.js'
import type { KernelContract } from '../contract.js'
import { register } from './kernel.js'

function batchNormAttributes(epsilon: number) {
  return [
    attribute.type('T', dtypes.float32),
    attribute.type('U', dtypes.float32),
    attribute.float('epsilon', epsilon),
    attribute.bool('is_training', true),
    attribute.string('data_format', 'NHWC'),
  ]
}

export function registerBatchNorm(): void {
  register('BatchNormTraining', ({ inputs, attributes, backend }) => {
    const { x, scale, offset, runningMean, runningVariance } = inputs
    // With this factor the operation mixes the batch's statistics into the running ones itself; the variance
    // it mixes in is the unbiased one, as PyTorch's.
    const mixing = attribute.float('exponential_avg_factor', attributes.momentum)
    return backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      [...batchNormAttributes(attributes.epsilon), mixing],
      [x, scale, offset, runningMean, runningVariance],
      6,
    ) as KernelContract['BatchNormTraining']['outputs']
  })

  register('BatchNormTrainingGrad', ({ inputs, attributes, backend }) => {
    const { dy, x, scale, reserved1, reserved2, reserved3 } = inputs
    const [dx, dscale, doffset, ...unused] = backend.executeMultipleOutputs(
      'FusedBatchNormGradV3',
      batchNormAttributes(attributes.epsilon),
      [dy, x, scale, reserved1, reserved2, reserved3],
      5,
    ) as [Tensor, Tensor, Tensor, ...Tensor[]]
    for (const tensor of unused) tensor.dispose()
    return [dx, dscale, doffset]
  })
}
