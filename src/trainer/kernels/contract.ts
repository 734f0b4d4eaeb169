import type { Tensor, Variable } from '@tensorflow/tfjs-core'

/**
 * The kernels that Tandem registers itself, for both backends, because tfjs has only an unfused path or
 * none that matches PyTorch. `ops.ts` wraps them as functions with gradients; model code uses those and
 * never asks which backend it runs on. All images are NHWC, filters HWIO.
 */

/** Zero padding of `padding` rows and columns on every side, as PyTorch's convolutions pad. */
export interface WindowAttributes {
  strides: number
  padding: number
}

export interface KernelContract {
  /** uint8 pictures from `Backend.uploadImages` to normalised float32 [N, 32, 32, 3]. */
  DecodeImages: {
    inputs: { images: Tensor }
    /** Per channel, of values scaled to 0..1. */
    attributes: { mean: readonly number[]; standardDeviation: readonly number[] }
    outputs: [decoded: Tensor]
  }
  /** [N, H, W, C] and [kh, kw, C, K] to [N, H', W', K]. */
  PaddedConv2D: {
    inputs: { x: Tensor; filter: Tensor }
    attributes: WindowAttributes
    outputs: [y: Tensor]
  }
  /** Gradient of PaddedConv2D for its input; `inputShape` is that input's shape. */
  PaddedConv2DBackpropInput: {
    inputs: { dy: Tensor; filter: Tensor }
    attributes: WindowAttributes & { inputShape: number[] }
    outputs: [dx: Tensor]
  }
  /** Gradient of PaddedConv2D for its filter; `filterShape` is [kh, kw, C, K]. */
  PaddedConv2DBackpropFilter: {
    inputs: { x: Tensor; dy: Tensor }
    attributes: WindowAttributes & { filterShape: number[] }
    outputs: [dfilter: Tensor]
  }
  /** Max over windows of `windowSize`; padding never wins, as in PyTorch. */
  PaddedMaxPool: {
    inputs: { x: Tensor }
    attributes: WindowAttributes & { windowSize: number }
    outputs: [y: Tensor]
  }
  PaddedMaxPoolGrad: {
    inputs: { x: Tensor; y: Tensor; dy: Tensor }
    attributes: WindowAttributes & { windowSize: number }
    outputs: [dx: Tensor]
  }
  /**
   * Batch norm by the batch's own statistics. `newRunningVariance` mixes in the unbiased variance, as
   * PyTorch stores it. `reserved*` belong to the backend: pass them to the gradient kernel unread.
   */
  BatchNormTraining: {
    inputs: { x: Tensor; scale: Tensor; offset: Tensor; runningMean: Tensor; runningVariance: Tensor }
    /** `momentum` is the weight of the new batch, PyTorch's meaning (0.1). */
    attributes: { epsilon: number; momentum: number }
    outputs: [
      y: Tensor,
      newRunningMean: Tensor,
      newRunningVariance: Tensor,
      reserved1: Tensor,
      reserved2: Tensor,
      reserved3: Tensor,
    ]
  }
  BatchNormTrainingGrad: {
    inputs: {
      dy: Tensor
      x: Tensor
      scale: Tensor
      reserved1: Tensor
      reserved2: Tensor
      reserved3: Tensor
    }
    attributes: { epsilon: number }
    outputs: [dx: Tensor, dscale: Tensor, doffset: Tensor]
  }
  /** dy where y > 0, else 0; `y` is ReLU's output. */
  ReluGrad: {
    inputs: { dy: Tensor; y: Tensor }
    attributes: Record<string, never>
    outputs: [dx: Tensor]
  }
  /** Per image: loss [N] and d loss / d logits [N, classes]. `labels` int32 [N]. */
  SparseSoftmaxCrossEntropy: {
    inputs: { logits: Tensor; labels: Tensor }
    attributes: Record<string, never>
    outputs: [loss: Tensor, dlogits: Tensor]
  }
  /**
   * PyTorch's SGD, in place: g = gradient + weightDecay * w; v = momentum * v + g; w = w - learningRate * v.
   * The variables are attributes, not inputs: the kernel writes them.
   */
  ApplyMomentum: {
    inputs: { gradient: Tensor; learningRate: Tensor }
    attributes: { parameter: Variable; velocity: Variable; momentum: number; weightDecay: number }
    outputs: []
  }
}

export type KernelName = keyof KernelContract
