import { scalar, type Tensor } from '@tensorflow/tfjs-core'
import { attribute } from '../../runtime/attributes.js'
import { dtypes } from '../../runtime/dtype.js'
import type { TensorFlowKernelBackend } from '../../runtime/kernel-backend.js'
import type { KernelContract } from '../contract.js'
import { register } from './kernel.js'
import { cropPadding, type PaddingPlan, pad, planPadding } from './window-padding.js'

type PoolAttributes = KernelContract['PaddedMaxPool']['attributes']

function poolAttributes({ windowSize, strides }: PoolAttributes, padding: string) {
  return [
    attribute.type('T', dtypes.float32),
    attribute.ints('ksize', [1, windowSize, windowSize, 1]),
    attribute.ints('strides', [1, strides, strides, 1]),
    attribute.string('padding', padding),
    attribute.string('data_format', 'NHWC'),
  ]
}

/** Padding must never be the largest value, so it is the lowest there is. */
function padForMaximum(backend: TensorFlowKernelBackend, x: Tensor, plan: PaddingPlan): Tensor {
  const lowest = scalar(Number.NEGATIVE_INFINITY)
  const padded = pad(backend, x, plan, lowest)
  lowest.dispose()
  return padded
}

export function registerPooling(): void {
  register('PaddedMaxPool', ({ inputs: { x }, attributes, backend }) => {
    const { windowSize } = attributes
    const plan = planPadding(x.shape, [windowSize, windowSize], attributes)
    const padded = padForMaximum(backend, x, plan)
    const y = backend.executeSingleOutput('MaxPool', poolAttributes(attributes, plan.padding), [padded])
    if (padded !== x) padded.dispose()
    return [y]
  })

  register('PaddedMaxPoolGrad', ({ inputs: { x, y, dy }, attributes, backend }) => {
    const { windowSize } = attributes
    const plan = planPadding(x.shape, [windowSize, windowSize], attributes)
    const padded = padForMaximum(backend, x, plan)
    const gradient = backend.executeSingleOutput('MaxPoolGrad', poolAttributes(attributes, plan.padding), [
      padded,
      y,
      dy,
    ])
    if (padded !== x) padded.dispose()
    return [cropPadding(backend, gradient, x.shape, plan)]
  })
}
