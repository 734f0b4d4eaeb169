import { tidy } from '@tensorflow/tfjs-core'
import { convolutionOf } from '../convolution-geometry.js'
import { chosenLowering } from '../lowering-choices.js'
import { register } from './kernel.js'
import { filterGradientLowerings } from './lowerings/filter-gradient.js'
import { forwardLowerings } from './lowerings/forward.js'
import { inputGradientLowerings } from './lowerings/input-gradient.js'

export function registerConvolution(): void {
  register('PaddedConv2D', ({ inputs, attributes, backend }) => {
    const convolution = convolutionOf(inputs.x.shape, inputs.filter.shape, attributes)
    const chosen = chosenLowering({ kernel: 'PaddedConv2D', convolution })
    const lowering = byName(forwardLowerings, chosen)
    return [tidy(() => lowering.compute(backend, inputs, convolution))]
  })

  register('PaddedConv2DBackpropInput', ({ inputs, attributes, backend }) => {
    const convolution = convolutionOf(attributes.inputShape, inputs.filter.shape, attributes)
    const chosen = chosenLowering({ kernel: 'PaddedConv2DBackpropInput', convolution })
    const lowering = byName(inputGradientLowerings, chosen)
    return [tidy(() => lowering.compute(backend, inputs, convolution))]
  })

  register('PaddedConv2DBackpropFilter', ({ inputs, attributes, backend }) => {
    const convolution = convolutionOf(inputs.x.shape, attributes.filterShape, attributes)
    const chosen = chosenLowering({ kernel: 'PaddedConv2DBackpropFilter', convolution })
    const lowering = byName(filterGradientLowerings, chosen)
    return [tidy(() => lowering.compute(backend, inputs, convolution))]
  })
}

function byName<L extends { name: string }>(lowerings: readonly L[], name: string | undefined): L {
  return lowerings.find((lowering) => lowering.name === name) ?? (lowerings[0] as L)
}
