import { argMax, cast, equal, mul, type Scalar, sum, type Tensor, variableGrads } from '@tensorflow/tfjs-core'
import { decodeImages, softmaxCrossEntropy } from '../kernels/ops.js'
import type { Classifier } from './classifier.js'

/*
 * The pieces that every strategy's step is put together from. All of them belong inside a step that
 * `Backend.compile` takes; `images` are those of `Backend.uploadImages`, `labels` int32 [N].
 */

/** Mean and standard deviation of CIFAR-10's training pictures, per channel, of values in 0..1. */
export const cifar10Normalisation = {
  mean: [0.4914, 0.4822, 0.4465],
  standardDeviation: [0.247, 0.2435, 0.2616],
} as const

export interface LossOptions {
  /** What the sum of the images' losses is divided by: the global batch, wherever its other images are. */
  divisor: number
  /** See `ForwardMode`. */
  updateStatistics: boolean
}

/** Softmax cross-entropy of a training batch: a scalar. */
export function meanLoss(
  model: Classifier,
  images: Tensor,
  labels: Tensor,
  { divisor, updateStatistics }: LossOptions,
): Scalar {
  const decoded = decodeImages(images, cifar10Normalisation)
  const logits = model.forward(decoded, { training: true, updateStatistics })
  return mul(sum(softmaxCrossEntropy(logits, labels)), 1 / divisor) as Scalar
}

/** `meanLoss` and its gradient for each parameter, in the parameters' order. */
export function lossAndGradients(
  model: Classifier,
  images: Tensor,
  labels: Tensor,
  options: LossOptions,
): { loss: Scalar; gradients: Tensor[] } {
  const variables = model.parameters.map(({ variable }) => variable)
  const { value, grads } = variableGrads(() => meanLoss(model, images, labels, options), variables)
  return { loss: value, gradients: variables.map(({ name }) => grads[name] as Tensor) }
}

/** How many of a batch the model in evaluation mode classifies right, and the sum of their losses: two scalars. */
export function evaluateBatch(
  model: Classifier,
  images: Tensor,
  labels: Tensor,
): { correct: Scalar; lossSum: Scalar } {
  const decoded = decodeImages(images, cifar10Normalisation)
  const logits = model.forward(decoded, { training: false, updateStatistics: false })
  const hits = equal(argMax(logits, 1), labels)
  return { correct: sum(cast(hits, 'float32')) as Scalar, lossSum: sum(softmaxCrossEntropy(logits, labels)) }
}
