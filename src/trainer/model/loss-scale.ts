import {
  add,
  addN,
  div,
  greaterEqual,
  isFinite as isFiniteTensor,
  maximum,
  mul,
  type Rank,
  type Scalar,
  scalar,
  sum,
  type Tensor,
  type Variable,
  variable,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'

/**
 * Dynamic loss scaling (Micikevicius et al., "Mixed Precision Training", 2018), with the rule and the constants
 * of `torch.amp.GradScaler`: float16 gradients are kept from vanishing by a factor on the loss, which halves
 * when a gradient overflows and doubles after 2,000 steps without overflow. bfloat16 does not need it.
 */
export interface LossScale {
  /** Part of the state of every step that scales or updates. */
  readonly variables: readonly Variable[]
  /** The loss to differentiate instead of the real one. */
  scale(loss: Scalar): Scalar
  /** The real loss, of the scaled one. */
  unscaleLoss(scaled: Scalar): Scalar
  /** Gradients of the real loss, and whether all of them are finite (a boolean scalar). */
  unscale(gradients: readonly Tensor[]): { gradients: Tensor[]; finite: Tensor }
  /** Adapts the factor after a step. */
  update(finite: Tensor): void
  dispose(): void
}

export interface LossScaleOptions {
  initialScale?: number
  growthInterval?: number
}

let created = 0

export function createLossScale({
  initialScale = 65_536,
  growthInterval = 2_000,
}: LossScaleOptions = {}): LossScale {
  const name = `loss-scale-${created++}`
  const factor: Variable<Rank.R0> = variable(scalar(initialScale), false, `${name}/factor`)
  const goodSteps: Variable<Rank.R0> = variable(scalar(0), false, `${name}/good-steps`)
  return {
    variables: [factor, goodSteps],
    scale: (loss) => mul(loss, factor),
    unscaleLoss: (scaled) => div(scaled, factor),
    unscale(gradients) {
      // An infinity or NaN anywhere survives into the sum of sums.
      const finite = isFiniteTensor(addN(gradients.map((gradient) => sum(gradient))))
      return { gradients: gradients.map((gradient) => div(gradient, factor)), finite }
    },
    update(finite) {
      const good = where(finite, add(goodSteps, 1), zerosLike(goodSteps))
      const due = greaterEqual(good, growthInterval)
      const grown = where(due, mul(factor, 2), factor)
      const backedOff = maximum(mul(factor, 0.5), 1)
      goodSteps.assign(where(due, zerosLike(good), good) as Scalar)
      factor.assign(where(finite, grown, backedOff) as Scalar)
    },
    dispose() {
      factor.dispose()
      goodSteps.dispose()
    },
  }
}
