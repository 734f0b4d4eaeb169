import { mul, sub, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { attribute } from '../../runtime/attributes.js'
import { dtypes } from '../../runtime/dtype.js'
import type { KernelContract } from '../contract.js'
import { register } from './kernel.js'

export function registerElementwise(): void {
  register('DecodeImages', ({ inputs: { images }, attributes, backend }) => {
    const { mean, standardDeviation } = attributes
    const stored = backend.binding.dtypeOf(backend.idOf(images))
    const decoded = tidy(() => {
      const values = backend.executeSingleOutput(
        'Cast',
        [attribute.type('SrcT', stored), attribute.type('DstT', dtypes.float32)],
        [images],
      )
      const scale = tensor1d(standardDeviation.map((deviation) => 1 / (255 * deviation)))
      const shift = tensor1d(mean.map((channel, index) => channel / (standardDeviation[index] as number)))
      return sub(mul(values, scale), shift)
    })
    return [decoded]
  })

  register('ReluGrad', ({ inputs: { dy, y }, backend }) => [
    backend.executeSingleOutput('ReluGrad', [attribute.type('T', dtypes.float32)], [dy, y]),
  ])

  register(
    'SparseSoftmaxCrossEntropy',
    ({ inputs: { logits, labels }, backend }) =>
      backend.executeMultipleOutputs(
        'SparseSoftmaxCrossEntropyWithLogits',
        [attribute.type('T', dtypes.float32), attribute.type('Tlabels', dtypes.int32)],
        [logits, labels],
        2,
      ) as [Tensor, Tensor] satisfies KernelContract['SparseSoftmaxCrossEntropy']['outputs'],
  )
}
