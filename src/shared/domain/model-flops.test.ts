import { describe, expect, it } from 'vitest'
import { trainingFlops } from './model-flops.js'

describe('floating-point operations of a training step', () => {
  it('are those of ResNet-18 on pictures of 32 x 32', () => {
    // 555.42 million multiply-adds forward, of which the stem's 1.77 million have no input gradient.
    expect(trainingFlops('resnet18', 'cifar')).toBe(2 * (3 * 555_422_720 - 1_769_472))
  })

  it('are 15 times fewer behind the stem that shrinks the picture', () => {
    expect(trainingFlops('resnet18', 'cifar') / trainingFlops('resnet18', 'torchvision')).toBeCloseTo(15, 0)
  })

  it('are twice as many for ResNet-34, as its paper has it: 3.6 to 1.8 billion on larger pictures', () => {
    expect(trainingFlops('resnet34', 'torchvision') / trainingFlops('resnet18', 'torchvision')).toBeCloseTo(
      2,
      0,
    )
  })
})
