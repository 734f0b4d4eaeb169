import { classCount, imageChannels, imageSide } from '../data/cifar10.js'
import type { OwnModelName, Stem } from './models.js'

/** Basic blocks in each of the four stages. */
export const residualBlocks: Readonly<Record<OwnModelName, readonly number[]>> = {
  resnet18: [2, 2, 2, 2],
  resnet34: [3, 4, 6, 3],
}

/**
 * Floating-point operations of one training step, an image: two for each multiply-add of convolutions and of the linear
 * layer, forward, for the inputs' gradients and for the weights'. Dense: products with padding count, and what is not a
 * product does not. The first layer has no input gradient.
 */
export function trainingFlops(modelName: OwnModelName, stem: Stem): number {
  const [first, ...others] = layers(modelName, stem) as [number, ...number[]]
  const multiplyAdds = 2 * first + 3 * others.reduce((sum, layer) => sum + layer, 0)
  return 2 * multiplyAdds
}

/** Multiply-adds of each layer's forward pass. */
function layers(modelName: OwnModelName, stem: Stem): number[] {
  const isTorchvision = stem === 'torchvision'
  const stemSize = isTorchvision ? imageSide / 2 : imageSide
  const all = [convolution(stemSize, isTorchvision ? 7 : 3, imageChannels, 64)]
  let size = isTorchvision ? stemSize / 2 : stemSize
  let channels = 64
  for (const [stage, blocks] of residualBlocks[modelName].entries()) {
    const filters = 64 * 2 ** stage
    if (filters !== channels) size /= 2
    all.push(convolution(size, 3, channels, filters))
    if (filters !== channels) all.push(convolution(size, 1, channels, filters))
    for (let index = 1; index < 2 * blocks; index++) all.push(convolution(size, 3, filters, filters))
    channels = filters
  }
  return [...all, channels * classCount]
}

/** `size` is the output's, square. */
function convolution(size: number, filterSize: number, channels: number, filters: number): number {
  return size ** 2 * filterSize ** 2 * channels * filters
}
