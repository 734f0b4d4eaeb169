import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { allocate, floats } from './heap.js'
import { wasmKernel } from './kernel.js'

/*
 * Ioffe and Szegedy, "Batch Normalization", 2015: per channel, over all pixels of the batch. Plain loops over
 * [pixels, C]: composed of tfjs's own kernels it takes several times as long, because each of those reads and
 * writes the whole activation. Sums are kept in double precision.
 */

const forward = wasmKernel('BatchNormTraining', (backend, inputs, { epsilon, momentum }) => {
  const { x, scale, offset, runningMean, runningVariance } = inputs
  const channels = scale.shape[0] as number
  const y = allocate(backend, x.shape)
  const newRunningMean = allocate(backend, [channels])
  const newRunningVariance = allocate(backend, [channels])
  // What the gradient needs: the batch's mean and the reciprocal of its standard deviation.
  const mean = allocate(backend, [channels])
  const inverseDeviation = allocate(backend, [channels])
  const unused = allocate(backend, [0])

  const values = floats(backend, x)
  const pixels = values.length / channels
  const statistics = channelStatistics(values, channels)
  // PyTorch normalises by the biased variance and stores the unbiased one.
  const unbiased = pixels > 1 ? pixels / (pixels - 1) : 1
  mix(backend, newRunningMean, runningMean, statistics.mean, momentum, 1)
  mix(backend, newRunningVariance, runningVariance, statistics.variance, momentum, unbiased)
  floats(backend, mean).set(statistics.mean)
  floats(backend, inverseDeviation).set(
    statistics.variance.map((variance) => 1 / Math.sqrt(variance + epsilon)),
  )

  const slope = new Float64Array(channels)
  const intercept = new Float64Array(channels)
  const scales = floats(backend, scale)
  const offsets = floats(backend, offset)
  for (let channel = 0; channel < channels; channel++) {
    const variance = statistics.variance[channel] as number
    const channelSlope = (scales[channel] as number) / Math.sqrt(variance + epsilon)
    slope[channel] = channelSlope
    intercept[channel] = (offsets[channel] as number) - (statistics.mean[channel] as number) * channelSlope
  }
  const target = floats(backend, y)
  for (let start = 0; start < values.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const index = start + channel
      target[index] = (values[index] as number) * (slope[channel] as number) + (intercept[channel] as number)
    }
  }
  return [y, newRunningMean, newRunningVariance, mean, inverseDeviation, unused]
})

/**
 * With n pixels and x' = (x - mean) / deviation: doffset = sum dy, dscale = sum dy x', and
 * dx = scale / deviation * (dy - doffset / n - x' dscale / n).
 */
const backward = wasmKernel('BatchNormTrainingGrad', (backend, inputs) => {
  const { dy, x, scale, reserved1: mean, reserved2: inverseDeviation } = inputs
  const channels = scale.shape[0] as number
  const dx = allocate(backend, x.shape)
  const dscale = allocate(backend, [channels])
  const doffset = allocate(backend, [channels])

  const values = floats(backend, x)
  const gradient = floats(backend, dy)
  const means = floats(backend, mean)
  const inverseDeviations = floats(backend, inverseDeviation)
  const gradientSum = new Float64Array(channels)
  const productSum = new Float64Array(channels)
  for (let start = 0; start < values.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const slope = gradient[start + channel] as number
      const centred = (values[start + channel] as number) - (means[channel] as number)
      gradientSum[channel] = (gradientSum[channel] as number) + slope
      productSum[channel] = (productSum[channel] as number) + slope * centred
    }
  }

  // dx = a dy + b x + c, per channel.
  const pixels = values.length / channels
  const scales = floats(backend, scale)
  const dscales = floats(backend, dscale)
  const ofGradient = new Float64Array(channels)
  const ofValue = new Float64Array(channels)
  const constant = new Float64Array(channels)
  for (let channel = 0; channel < channels; channel++) {
    const inverse = inverseDeviations[channel] as number
    const channelDscale = (productSum[channel] as number) * inverse
    dscales[channel] = channelDscale
    const factor = (scales[channel] as number) * inverse
    const valueFactor = (-factor * inverse * channelDscale) / pixels
    ofGradient[channel] = factor
    ofValue[channel] = valueFactor
    constant[channel] =
      (-factor * (gradientSum[channel] as number)) / pixels - valueFactor * (means[channel] as number)
  }
  floats(backend, doffset).set(gradientSum)
  const target = floats(backend, dx)
  for (let start = 0; start < values.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const index = start + channel
      target[index] =
        (gradient[index] as number) * (ofGradient[channel] as number) +
        (values[index] as number) * (ofValue[channel] as number) +
        (constant[channel] as number)
    }
  }
  return [dx, dscale, doffset]
})

export const batchNormKernels = [forward, backward]

/** Mean and biased variance of each channel of [pixels, C], in one pass: doubles leave room for cancellation. */
function channelStatistics(values: Float32Array, channels: number) {
  const pixels = values.length / channels
  const sum = new Float64Array(channels)
  const sumOfSquares = new Float64Array(channels)
  for (let start = 0; start < values.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const value = values[start + channel] as number
      sum[channel] = (sum[channel] as number) + value
      sumOfSquares[channel] = (sumOfSquares[channel] as number) + value * value
    }
  }
  const mean = sum.map((total) => total / pixels)
  const variance = sumOfSquares.map((total, channel) =>
    Math.max(0, total / pixels - (mean[channel] as number) ** 2),
  )
  return { mean, variance }
}

/** target = (1 - momentum) * running + momentum * correction * batch */
function mix(
  backend: BackendWasm,
  target: TensorInfo,
  running: TensorInfo,
  batch: Float64Array,
  momentum: number,
  correction: number,
): void {
  const old = floats(backend, running)
  const values = floats(backend, target)
  for (let channel = 0; channel < batch.length; channel++) {
    values[channel] =
      (1 - momentum) * (old[channel] as number) + momentum * correction * (batch[channel] as number)
  }
}
