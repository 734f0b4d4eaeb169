import type { Tensor } from '@tensorflow/tfjs-core'
import { attribute } from '../../runtime/attributes.js'
import { dtypes } from '../../runtime/dtype.js'
import { int32Vector, register } from './kernel.js'
import { cropPadding, pad, paddedShape, planPadding } from './window-padding.js'

function convolutionAttributes(strides: number, padding: string) {
  return [
    attribute.type('T', dtypes.float32),
    attribute.ints('strides', [1, strides, strides, 1]),
    attribute.string('padding', padding),
    attribute.string('data_format', 'NHWC'),
  ]
}

function windowOf(filterShape: readonly number[]): [number, number] {
  return [filterShape[0] as number, filterShape[1] as number]
}

export function registerConvolution(): void {
  register('PaddedConv2D', ({ inputs: { x, filter }, attributes, backend }) => {
    const plan = planPadding(x.shape, windowOf(filter.shape), attributes)
    const padded = pad(backend, x, plan, null)
    const y = backend.executeSingleOutput('Conv2D', convolutionAttributes(attributes.strides, plan.padding), [
      padded,
      filter,
    ])
    if (padded !== x) padded.dispose()
    return [y]
  })

  register('PaddedConv2DBackpropInput', ({ inputs: { dy, filter }, attributes, backend }) => {
    const plan = planPadding(attributes.inputShape, windowOf(filter.shape), attributes)
    const inputSizes = int32Vector(paddedShape(attributes.inputShape, plan))
    const gradient = backend.executeSingleOutput(
      'Conv2DBackpropInput',
      convolutionAttributes(attributes.strides, plan.padding),
      [inputSizes, filter, dy],
    )
    inputSizes.dispose()
    return [cropPadding(backend, gradient, attributes.inputShape, plan)]
  })

  register('PaddedConv2DBackpropFilter', ({ inputs: { x, dy }, attributes, backend }) => {
    const plan = planPadding(x.shape, windowOf(attributes.filterShape), attributes)
    const padded = pad(backend, x, plan, null)
    const filterSizes = int32Vector(attributes.filterShape)
    const gradient: Tensor = backend.executeSingleOutput(
      'Conv2DBackpropFilter',
      convolutionAttributes(attributes.strides, plan.padding),
      [padded, filterSizes, dy],
    )
    filterSizes.dispose()
    if (padded !== x) padded.dispose()
    return [gradient]
  })
}
