import {
  cast,
  mul,
  sub,
  type Tensor,
  tidy,
  type Variable,
  variable,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { applyMomentum } from '../kernels/ops.js'
import type { NamedVariable } from './classifier.js'
import type { LossScale } from './loss-scale.js'

export interface MomentumOptions {
  momentum: number
  /** Applied to every parameter, batch norm's included, as `torch.optim.SGD` does by default. */
  weightDecay: number
  /** Given where the loss is scaled: gradients come scaled, and a step whose gradients overflow is skipped. */
  lossScale?: LossScale | null
}

/** `torch.optim.SGD` with momentum. Owns one velocity for each parameter. */
export interface MomentumOptimizer {
  /** In the order of the parameters. */
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
  { momentum, weightDecay, lossScale = null }: MomentumOptions,
): MomentumOptimizer {
  const velocities = parameters.map(({ variable: parameter }) =>
    tidy(() => variable(zerosLike(parameter), false, `${parameter.name}/velocity`)),
  )

  function applyAll(gradients: readonly Tensor[], learningRate: Tensor): void {
    for (const [index, { variable: parameter }] of parameters.entries()) {
      const gradient = gradients[index] as Tensor
      const velocity = velocities[index] as Variable
      applyMomentum({ parameter, velocity, gradient, learningRate, momentum, weightDecay })
    }
  }

  /** The gradient that leaves the velocity as it is: with a learning rate of 0, a step that changes nothing. */
  function standstill(index: number): Tensor {
    const { variable: parameter } = parameters[index] as NamedVariable
    return sub(mul(velocities[index] as Variable, 1 - momentum), mul(parameter, weightDecay))
  }

  return {
    velocities,
    apply(gradients, learningRate) {
      if (lossScale === null) {
        applyAll(gradients, learningRate)
        return
      }
      const { gradients: unscaled, finite } = lossScale.unscale(gradients)
      const chosen = unscaled.map((gradient, index) => where(finite, gradient, standstill(index)))
      applyAll(chosen, mul(learningRate, cast(finite, 'float32')))
      lossScale.update(finite)
    },
    dispose() {
      for (const velocity of velocities) velocity.dispose()
    },
  }
}
