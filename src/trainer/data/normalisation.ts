/**
 * CIFAR-10's channel means and standard deviations (red, green, blue) over its training pictures scaled to
 * 0..1, in the rounding that PyTorch scripts commonly use. What `DecodeImages` takes as attributes.
 */
export const cifar10Normalisation = {
  mean: [0.4914, 0.4822, 0.4465],
  standardDeviation: [0.247, 0.2435, 0.2616],
} as const
