import { filterGradientLowerings } from './filter-gradient.js'
import { forwardLowerings } from './forward.js'
import { inputGradientLowerings } from './input-gradient.js'

/** TensorFlow's ways to compute each convolution kernel, the one that is used untuned first. */
export const tensorflowLowerings = {
  PaddedConv2D: forwardLowerings,
  PaddedConv2DBackpropInput: inputGradientLowerings,
  PaddedConv2DBackpropFilter: filterGradientLowerings,
} as const
