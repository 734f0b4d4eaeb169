import { type Tensor, relu as tfjsRelu, type Variable } from '@tensorflow/tfjs-core'
import type { KernelContract, WindowAttributes } from './contract.js'
import { runKernel } from './run-kernel.js'

/*
 * What model code calls. Each is differentiable where that makes sense; `gradients.ts` says how.
 */

/** uint8 pictures of `Backend.uploadImages` to float32 [N, 32, 32, 3], each channel (value / 255 - mean) / standardDeviation. */
export function decodeImages(
  images: Tensor,
  normalisation: KernelContract['DecodeImages']['attributes'],
): Tensor {
  return runKernel('DecodeImages', { images }, normalisation)[0]
}

/** Convolution of [N, H, W, C] with [kh, kw, C, K], zero-padded by `padding` on every side; no bias. */
export function conv2d(x: Tensor, filter: Tensor, window: WindowAttributes): Tensor {
  return runKernel('PaddedConv2D', { x, filter }, window)[0]
}

/** Largest value of each window and channel; padding never wins. [N, H, W, C] to [N, H', W', C]. */
export function maxPool(x: Tensor, window: KernelContract['PaddedMaxPool']['attributes']): Tensor {
  return runKernel('PaddedMaxPool', { x }, window)[0]
}

export interface BatchNormParameters {
  scale: Tensor
  offset: Tensor
  runningMean: Tensor
  runningVariance: Tensor
}

/**
 * Normalises [N, H, W, C] by the batch's own mean and (biased) variance per channel, and returns the running
 * statistics with this batch mixed in. Assigning those to their variables is the caller's decision. Gradients
 * flow through `y` only.
 */
export function batchNormTraining(
  x: Tensor,
  parameters: BatchNormParameters,
  attributes: KernelContract['BatchNormTraining']['attributes'],
): { y: Tensor; runningMean: Tensor; runningVariance: Tensor } {
  const [y, runningMean, runningVariance] = runKernel('BatchNormTraining', { x, ...parameters }, attributes)
  return { y, runningMean, runningVariance }
}

/** max(x, 0). Its gradient is the ReluGrad kernel, not tfjs's product with a step function. */
export function relu(x: Tensor): Tensor {
  return tfjsRelu(x)
}

/** -log softmax(logits)[label] for every image: logits [N, classes] and int32 labels [N] to [N]. */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  return runKernel('SparseSoftmaxCrossEntropy', { logits, labels }, {})[0]
}

export interface MomentumUpdate {
  parameter: Variable
  velocity: Variable
  gradient: Tensor
  /** Scalar. */
  learningRate: Tensor
  momentum: number
  weightDecay: number
}

/** One step of `torch.optim.SGD` (no dampening, no Nesterov) for one parameter, in place. */
export function applyMomentum(update: MomentumUpdate): void {
  const { gradient, learningRate, ...attributes } = update
  runKernel('ApplyMomentum', { gradient, learningRate }, attributes)
}
