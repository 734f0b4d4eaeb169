import {
  argMax,
  cast,
  equal,
  mul,
  type Scalar,
  sum,
  type Tensor,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { cifar10Normalisation } from '../data/normalisation.js'
import { decodeImages, softmaxCrossEntropy } from '../kernels/ops.js'
import type { Classifier } from './classifier.js'
import type { LossScale } from './loss-scale.js'

/*
 * The pieces that every strategy's step is put together from. All of them belong inside a step that
 * `Backend.compile` takes; `images` are those of `Backend.uploadImages`, `labels` int32 [N].
 */

export interface LossOptions {
  /** What the sum of the images' losses is divided by: the global batch, wherever its other images are. */
  divisor: number
  /** See `ForwardMode`. */
  updateStatistics: boolean
  /** Where gradients are float16: the loss that is differentiated is the scaled one. */
  lossScale?: LossScale | null
  /** Called when the loss is there and gradients are not: for a clock, where operations run one by one. */
  onForward?: () => void
}

/** Softmax cross-entropy of a training batch: a scalar. */
export function meanLoss(
  model: Classifier,
  images: Tensor,
  labels: Tensor,
  { divisor, updateStatistics, onForward }: LossOptions,
): Scalar {
  const decoded = decodeImages(images, cifar10Normalisation)
  const logits = model.forward(decoded, { training: true, updateStatistics })
  const loss = mul(sum(softmaxCrossEntropy(logits, labels)), 1 / divisor) as Scalar
  onForward?.()
  return loss
}

/**
 * A loss and its gradients by variable name; the gradients of the scaled loss where one is given. The loss itself
 * is never scaled.
 */
export function scaledGradients(
  computeLoss: () => Scalar,
  variables: Variable[],
  lossScale: LossScale | null,
): { loss: Scalar; grads: Record<string, Tensor> } {
  if (lossScale === null) {
    const { value, grads } = variableGrads(computeLoss, variables)
    return { loss: value, grads }
  }
  const { value, grads } = variableGrads(() => lossScale.scale(computeLoss()), variables)
  return { loss: lossScale.unscaleLoss(value), grads }
}

/** `meanLoss` and its gradient for each parameter, in the parameters' order. */
export function lossAndGradients(
  model: Classifier,
  images: Tensor,
  labels: Tensor,
  options: LossOptions,
): { loss: Scalar; gradients: Tensor[] } {
  const variables = model.parameters.map(({ variable }) => variable)
  const { loss, grads } = scaledGradients(
    () => meanLoss(model, images, labels, options),
    variables,
    options.lossScale ?? null,
  )
  return { loss, gradients: variables.map(({ name }) => grads[name] as Tensor) }
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
