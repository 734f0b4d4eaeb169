import { argMax, cast, equal, mul, type Scalar, sum, type Tensor, variableGrads } from '@tensorflow/tfjs-core'
import { cifar10Normalisation } from '../data/normalisation.js'
import { decodeImages, softmaxCrossEntropy } from '../kernels/ops.js'
import type { Classifier } from './classifier.js'

/*
 * The pieces that every strategy's step is put together from. All of them belong inside a step that
 * `Backend.compile` takes; `images` are those of `Backend.uploadImages`, `labels` int32 [N].
 */

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

/**
 * How many of a batch the model in evaluation mode classifies right: a scalar. A label that is no class, such as
 * -1, is never right.
 */
export function countCorrectPredictions(model: Classifier, images: Tensor, labels: Tensor): Scalar {
  const decoded = decodeImages(images, cifar10Normalisation)
  const logits = model.forward(decoded, { training: false, updateStatistics: false })
  return sum(cast(equal(argMax(logits, 1), labels), 'float32'))
}
