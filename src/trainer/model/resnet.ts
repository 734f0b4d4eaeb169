import { add, mean, type Tensor } from '@tensorflow/tfjs-core'
import { classCount, imageChannels } from '../../shared/data/cifar10.js'
import { residualBlocks } from '../../shared/domain/model-flops.js'
import type { OwnModelName, Stem } from '../../shared/domain/models.js'
import { maxPool, relu } from '../kernels/ops.js'
import type { Classifier } from './classifier.js'
import { batchNorm, convolution, type Layer, linear } from './layers.js'
import { countElements, createVariableStore, type InitialValues, type VariableStore } from './variables.js'

export interface ResNetOptions {
  modelName: OwnModelName
  stem: Stem
  initialValues: InitialValues
}

/**
 * ResNet-18 and ResNet-34 with 10 classes (He et al., "Deep Residual Learning for Image Recognition", 2015) as
 * torchvision builds them, except for the `cifar` stem.
 */
export function createResNet({ modelName, stem, initialValues }: ResNetOptions): Classifier {
  const store = createVariableStore(modelName, initialValues)
  const applyStem = stemLayer(store, stem)
  const blocks: Layer[] = []
  let channels = 64
  for (const [stage, blockCount] of residualBlocks[modelName].entries()) {
    const outputs = 64 * 2 ** stage
    for (let block = 0; block < blockCount; block++) {
      const strides = stage > 0 && block === 0 ? 2 : 1
      blocks.push(basicBlock(store, `layer${stage + 1}.${block}`, { inputs: channels, outputs, strides }))
      channels = outputs
    }
  }
  const classify = linear(store, 'fc', channels, classCount)

  return {
    parameters: store.parameters,
    buffers: store.buffers,
    parameterCount: countElements(store.parameters),
    forward(images, mode) {
      const features = blocks.reduce((x, block) => block(x, mode), applyStem(images, mode))
      return classify(mean(features, [1, 2]), mode)
    },
    dispose: () => store.dispose(),
  }
}

/** `torchvision`: 7x7 at stride 2, then max-pool, made for 224x224 pictures. `cifar`: 3x3 at full resolution. */
function stemLayer(store: VariableStore, stem: Stem): Layer {
  const isTorchvision = stem === 'torchvision'
  const window = isTorchvision
    ? { filterSize: 7, strides: 2, padding: 3 }
    : { filterSize: 3, strides: 1, padding: 1 }
  const convolve = convolution(store, 'conv1', { inputs: imageChannels, outputs: 64, ...window })
  const normalise = batchNorm(store, 'bn1', 64)
  return (images, mode) => {
    const x = relu(normalise(convolve(images, mode), mode))
    return isTorchvision ? maxPool(x, { windowSize: 3, strides: 2, padding: 1 }) : x
  }
}

interface BlockOptions {
  inputs: number
  outputs: number
  strides: number
}

/** Two 3x3 convolutions and the identity, or its projection by a strided 1x1 convolution, added together. */
function basicBlock(store: VariableStore, name: string, options: BlockOptions): Layer {
  const { inputs, outputs, strides } = options
  const first = convolution(store, `${name}.conv1`, { inputs, outputs, strides, filterSize: 3, padding: 1 })
  const firstNorm = batchNorm(store, `${name}.bn1`, outputs)
  const second = convolution(store, `${name}.conv2`, {
    inputs: outputs,
    outputs,
    strides: 1,
    filterSize: 3,
    padding: 1,
  })
  const secondNorm = batchNorm(store, `${name}.bn2`, outputs)
  const shortcut = strides === 1 ? identity : projection(store, `${name}.downsample`, options)
  return (x, mode) => {
    const hidden = relu(firstNorm(first(x, mode), mode))
    return relu(add(secondNorm(second(hidden, mode), mode), shortcut(x, mode)))
  }
}

function projection(store: VariableStore, name: string, { inputs, outputs, strides }: BlockOptions): Layer {
  const project = convolution(store, `${name}.0`, { inputs, outputs, strides, filterSize: 1, padding: 0 })
  const normalise = batchNorm(store, `${name}.1`, outputs)
  return (x, mode) => normalise(project(x, mode), mode)
}

function identity(x: Tensor): Tensor {
  return x
}
