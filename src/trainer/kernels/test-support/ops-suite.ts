import { scalar, type Tensor, tensor1d, tensor2d, tidy, variable } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import type { Backend } from '../../backend.js'
import {
  applyMomentum,
  batchNormTraining,
  conv2d,
  decodeImages,
  maxPool,
  relu,
  softmaxCrossEntropy,
} from '../ops.js'
import { expectClose, expectOpToMatch, randomReference, takeValues, toTensor } from './gradient-check.js'
import {
  referenceBatchNorm,
  referenceConv2d,
  referenceCrossEntropy,
  referenceMaxPool,
} from './reference-ops.js'

/** What every backend's kernels must do. Call it inside a `describe`; the backend must be the current one. */
export function opsSuite(backend: () => Backend): void {
  it.each([
    { picture: [2, 5, 7, 3], filter: [3, 3, 3, 4], strides: 1, padding: 1 },
    { picture: [1, 5, 7, 3], filter: [3, 3, 3, 4], strides: 2, padding: 1 },
    { picture: [2, 6, 4, 2], filter: [3, 3, 2, 3], strides: 2, padding: 1 },
    { picture: [1, 9, 9, 2], filter: [7, 7, 2, 2], strides: 2, padding: 3 },
    { picture: [2, 8, 6, 2], filter: [7, 7, 2, 2], strides: 2, padding: 3 },
    { picture: [2, 5, 5, 4], filter: [1, 1, 4, 3], strides: 2, padding: 0 },
    { picture: [2, 4, 4, 4], filter: [1, 1, 4, 3], strides: 1, padding: 0 },
    { picture: [1, 5, 4, 2], filter: [3, 3, 2, 2], strides: 1, padding: 0 },
    { picture: [3, 1, 1, 4], filter: [3, 3, 4, 5], strides: 1, padding: 1 },
    { picture: [2, 2, 2, 3], filter: [3, 3, 3, 20], strides: 1, padding: 1 },
    { picture: [2, 2, 2, 3], filter: [3, 3, 3, 20], strides: 2, padding: 1 },
    { picture: [2, 3, 5, 3], filter: [3, 3, 3, 20], strides: 1, padding: 1 },
  ])(
    'convolves $picture with $filter, strides $strides, padding $padding',
    ({ picture, filter, ...window }) => {
      expectOpToMatch(
        [randomReference(picture, 1), randomReference(filter, 2)],
        (x, weights) => conv2d(x, weights, window),
        (x, weights) => referenceConv2d(x, weights, window),
      )
    },
  )

  it.each([
    { picture: [2, 6, 6, 3], windowSize: 3, strides: 2, padding: 1 },
    { picture: [1, 5, 7, 2], windowSize: 3, strides: 2, padding: 1 },
    { picture: [2, 4, 4, 2], windowSize: 2, strides: 2, padding: 0 },
    { picture: [1, 5, 5, 1], windowSize: 2, strides: 2, padding: 0 },
  ])(
    'pools $picture, window $windowSize, strides $strides, padding $padding',
    ({ picture, ...attributes }) => {
      // Below zero throughout: padding with zeros would win.
      const x = randomReference(picture, 3)
      const negative = { ...x, values: x.values.map((value) => value - 10) }
      expectOpToMatch(
        [negative],
        (input) => maxPool(input, attributes),
        (input) => referenceMaxPool(input, attributes.windowSize, attributes),
      )
    },
  )

  it.each([[[4, 3, 5, 6]], [[8, 1, 1, 3]], [[1, 5, 7, 2]]])('normalises a batch %j', (shape) => {
    const attributes = { epsilon: 1e-5, momentum: 0.1 }
    const channels = [shape[3] as number]
    const x = randomReference(shape, 4)
    const scale = randomReference(channels, 5)
    const offset = randomReference(channels, 6)
    const mean = randomReference(channels, 7)
    const variance = { shape: channels, values: randomReference(channels, 8).values.map(Math.abs) }
    const running = { mean: mean.values, variance: variance.values }
    const apply = (input: Tensor, factor: Tensor, shift: Tensor) =>
      batchNormTraining(
        input,
        { scale: factor, offset: shift, runningMean: toTensor(mean), runningVariance: toTensor(variance) },
        attributes,
      )
    expectOpToMatch(
      [x, scale, offset],
      (...inputs) => apply(...inputs).y,
      (...inputs) => referenceBatchNorm(...inputs, running, attributes).y,
    )

    const expected = referenceBatchNorm(x, scale, offset, running, attributes)
    const { runningMean, runningVariance } = tidy(() => {
      const { y: _, ...statistics } = apply(toTensor(x), toTensor(scale), toTensor(offset))
      return statistics
    })
    expectClose(takeValues(runningMean), expected.runningMean)
    expectClose(takeValues(runningVariance), expected.runningVariance)
  })

  it('passes a gradient through ReLU where the output is positive', () => {
    expectOpToMatch(
      [randomReference([3, 7], 9)],
      (x) => relu(x),
      (x) => ({ shape: [3, 7], values: x.values.map((value) => Math.max(0, value)) }),
    )
  })

  it('gives the cross-entropy of each image and its gradient', () => {
    const labels = [0, 9, 4, 4]
    expectOpToMatch(
      [randomReference([4, 10], 10)],
      (logits) => softmaxCrossEntropy(logits, tensor1d(labels, 'int32')),
      (logits) => referenceCrossEntropy(logits, labels),
    )
  })

  it('does not overflow in the cross-entropy of large logits', () => {
    const loss = tidy(() => softmaxCrossEntropy(tensor2d([[1000, 990, -1000]]), tensor1d([1], 'int32')))
    expectClose(takeValues(loss), [10 + Math.log1p(Math.exp(-10))])
  })

  it('decodes pictures by channel', () => {
    const bytes = Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, index) => (index * 37) % 256)
    const normalisation = { mean: [0.5, 0.4, 0.3], standardDeviation: [0.2, 0.25, 0.5] }
    const images = backend().uploadImages(bytes, 2)
    bytes.fill(0)
    const decoded = tidy(() => decodeImages(images, normalisation))
    images.dispose()
    expect(decoded.shape).toEqual([2, 32, 32, 3])
    const expected = Float64Array.from({ length: bytes.length }, (_, index) => {
      const value = ((index * 37) % 256) / 255
      const [mean, deviation] = [normalisation.mean, normalisation.standardDeviation].map(
        (of) => of[index % 3],
      )
      return (value - (mean as number)) / (deviation as number)
    })
    expectClose(takeValues(decoded), expected)
  })

  it('updates a parameter by momentum and weight decay, step after step', async () => {
    const parameter = tidy(() => variable(tensor1d([1, -2, 3]), true))
    const velocity = tidy(() => variable(tensor1d([0, 0, 0]), false))
    const gradients = [
      [0.5, -1, 2],
      [1, 1, -1],
      [0, 0.25, 0],
    ]
    const step = backend().compile(
      (gradient, learningRate) => {
        applyMomentum({
          parameter,
          velocity,
          gradient: gradient as Tensor,
          learningRate: learningRate as Tensor,
          momentum: 0.9,
          weightDecay: 0.01,
        })
        return []
      },
      { name: 'update', state: [parameter, velocity] },
    )
    const rate = scalar(0.1)
    const expected = { weights: [1, -2, 3], velocities: [0, 0, 0] }
    for (const values of gradients) {
      const gradient = tensor1d(values)
      await step.run(gradient, rate)
      gradient.dispose()
      for (const [index, slope] of values.entries()) {
        const weight = expected.weights[index] as number
        const speed = 0.9 * (expected.velocities[index] as number) + slope + 0.01 * weight
        expected.velocities[index] = speed
        expected.weights[index] = weight - 0.1 * speed
      }
    }
    expectClose(await parameter.data(), expected.weights)
    expectClose(await velocity.data(), expected.velocities)
    for (const held of [parameter, velocity, rate, step]) held.dispose()
  })
}
