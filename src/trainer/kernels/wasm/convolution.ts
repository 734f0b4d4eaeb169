import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type Convolution, convolutionOf } from '../convolution-geometry.js'
import { type ConvolutionKernel, chosenLowering } from '../lowering-choices.js'
import { wasmKernel } from './kernel.js'
import { applicableLowerings } from './lowerings.js'

export const convolutionKernels = [
  wasmKernel('PaddedConv2D', (backend, { x, filter }, attributes) => [
    compute(backend, 'PaddedConv2D', x, filter, convolutionOf(x.shape, filter.shape, attributes)),
  ]),
  wasmKernel('PaddedConv2DBackpropInput', (backend, { dy, filter }, attributes) => {
    const convolution = convolutionOf(attributes.inputShape, filter.shape, attributes)
    return [compute(backend, 'PaddedConv2DBackpropInput', dy, filter, convolution)]
  }),
  wasmKernel('PaddedConv2DBackpropFilter', (backend, { x, dy }, attributes) => {
    const convolution = convolutionOf(x.shape, attributes.filterShape, attributes)
    return [compute(backend, 'PaddedConv2DBackpropFilter', x, dy, convolution)]
  }),
]

function compute(
  backend: BackendWasm,
  kernel: ConvolutionKernel,
  first: TensorInfo,
  second: TensorInfo,
  convolution: Convolution,
): TensorInfo {
  const chosen = chosenLowering({ kernel, convolution })
  const applicable = applicableLowerings(kernel, convolution)
  const lowering = applicable.find(({ name }) => name === chosen) ?? applicable[0]
  return lowering?.compute(backend, first, second, convolution) as TensorInfo
}
