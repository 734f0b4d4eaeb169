import { type Tensor, tidy, type Variable, variable, zerosLike } from '@tensorflow/tfjs-core'
import { applyMomentum } from '../kernels/ops.js'
import type { NamedVariable } from './classifier.js'

export interface MomentumOptions {
  momentum: number
  /** Applied to every parameter, batch norm's included, as `torch.optim.SGD` does by default. */
  weightDecay: number
}

/** `torch.optim.SGD` with momentum. Owns one velocity for each parameter. */
export interface MomentumOptimizer {
  /** In the order of the parameters. A compiled step that calls `apply` has them among its state. */
  readonly velocities: readonly Variable[]
  /** Updates all parameters; `gradients` in their order, `learningRate` a scalar. */
  apply(gradients: readonly Tensor[], learningRate: Tensor): void
  dispose(): void
}

/**
 * Velocities start at zero, so the first step's velocity is its gradient: PyTorch's start as well.
 */
export function createMomentumOptimizer(
  parameters: readonly NamedVariable[],
  { momentum, weightDecay }: MomentumOptions,
): MomentumOptimizer {
  const velocities = parameters.map(({ variable: parameter }) =>
    tidy(() => variable(zerosLike(parameter), false, `${parameter.name}/velocity`)),
  )
  return {
    velocities,
    apply(gradients, learningRate) {
      for (const [index, { variable: parameter }] of parameters.entries()) {
        const gradient = gradients[index] as Tensor
        const velocity = velocities[index] as Variable
        applyMomentum({ parameter, velocity, gradient, learningRate, momentum, weightDecay })
      }
    },
    dispose() {
      for (const velocity of velocities) velocity.dispose()
    },
  }
}
