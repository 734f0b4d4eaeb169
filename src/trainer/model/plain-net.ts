import { reshape } from '@tensorflow/tfjs-core'
import { classCount, imageChannels, imageSide } from '../../shared/data/cifar10.js'
import { maxPool, relu } from '../kernels/ops.js'
import type { Classifier } from './classifier.js'
import { convolution, linear } from './layers.js'
import { countElements, createVariableStore, type InitialValues } from './variables.js'

/**
 * A small network without batch norm: what a batch's pictures contribute does not depend on each other, so any
 * division of the batch over devices or ranks must give the same weights. Made for checks of the strategies.
 */
export function createPlainNet({ initialValues }: { initialValues: InitialValues }): Classifier {
  const store = createVariableStore('plain', initialValues)
  const first = convolution(store, 'conv1', {
    inputs: imageChannels,
    outputs: 8,
    filterSize: 3,
    strides: 1,
    padding: 1,
  })
  const second = convolution(store, 'conv2', {
    inputs: 8,
    outputs: 16,
    filterSize: 3,
    strides: 2,
    padding: 1,
  })
  const features = (imageSide / 4) ** 2 * 16
  const classify = linear(store, 'fc', features, classCount)

  return {
    parameters: store.parameters,
    buffers: store.buffers,
    parameterCount: countElements(store.parameters),
    forward(images, mode) {
      const hidden = relu(second(relu(first(images, mode)), mode))
      const pooled = maxPool(hidden, { windowSize: 2, strides: 2, padding: 0 })
      return classify(reshape(pooled, [-1, features]), mode)
    },
    dispose: () => store.dispose(),
  }
}
