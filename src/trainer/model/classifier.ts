import type { Tensor, Variable } from '@tensorflow/tfjs-core'

/** A variable and its name in PyTorch's `state_dict` ("layer1.0.conv1.weight"). */
export interface NamedVariable {
  name: string
  variable: Variable
}

export interface ForwardMode {
  /** Batch norm by the batch's own statistics (true) or by the running ones. */
  training: boolean
  /** Assign the running statistics that come of a training batch. In DataParallel only the first replica does. */
  updateStatistics: boolean
}

/**
 * A network that classifies CIFAR-10's pictures. It owns its variables. Names and order are those of PyTorch's
 * model; layouts are TensorFlow's: filters [kh, kw, in, out], linear weights [in, out].
 */
export interface Classifier {
  /** What the optimiser trains, in PyTorch's order. */
  readonly parameters: readonly NamedVariable[]
  /** Batch norm's running statistics, in PyTorch's order. */
  readonly buffers: readonly NamedVariable[]
  /** Numbers in all parameters. */
  readonly parameterCount: number
  /** Decoded pictures [N, 32, 32, 3] to logits [N, 10]. */
  forward(images: Tensor, mode: ForwardMode): Tensor
  dispose(): void
}
