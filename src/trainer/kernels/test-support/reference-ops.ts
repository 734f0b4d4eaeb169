/*
 * The ops once more, for tests: naive loops in double precision, written from the formulas in PyTorch's
 * documentation, to compare values with and to take finite differences of.
 */

/** Values [d0, d1, ...] row by row. */
export interface Reference {
  shape: number[]
  values: Float64Array
}

export interface Window {
  strides: number
  padding: number
}

type Shape4 = [number, number, number, number]

/** `torch.nn.functional.conv2d`: [N, H, W, C] with [kh, kw, C, K]. */
export function referenceConv2d(x: Reference, filter: Reference, { strides, padding }: Window): Reference {
  const [batch, height, width, channels] = x.shape as Shape4
  const [filterHeight, filterWidth, , filters] = filter.shape as Shape4
  const y = zeros([batch, positions(height, filterHeight), positions(width, filterWidth), filters])
  fill(y, ([image, row, column, output]) => {
    let sum = 0
    for (let tapY = 0; tapY < filterHeight; tapY++) {
      for (let tapX = 0; tapX < filterWidth; tapX++) {
        for (let channel = 0; channel < channels; channel++) {
          const place = [image, row * strides + tapY - padding, column * strides + tapX - padding, channel]
          sum += (at(x, place) ?? 0) * (at(filter, [tapY, tapX, channel, output]) as number)
        }
      }
    }
    return sum
  })
  return y

  function positions(length: number, window: number): number {
    return Math.floor((length + 2 * padding - window) / strides) + 1
  }
}

/** `torch.nn.functional.max_pool2d`. */
export function referenceMaxPool(x: Reference, windowSize: number, { strides, padding }: Window): Reference {
  const [batch, height, width, channels] = x.shape as Shape4
  const positions = (length: number) => Math.floor((length + 2 * padding - windowSize) / strides) + 1
  const y = zeros([batch, positions(height), positions(width), channels])
  fill(y, ([image, row, column, channel]) => {
    let largest = Number.NEGATIVE_INFINITY
    for (let tapY = 0; tapY < windowSize; tapY++) {
      for (let tapX = 0; tapX < windowSize; tapX++) {
        const place = [image, row * strides + tapY - padding, column * strides + tapX - padding, channel]
        largest = Math.max(largest, at(x, place) ?? Number.NEGATIVE_INFINITY)
      }
    }
    return largest
  })
  return y
}

export interface ReferenceBatchNorm {
  y: Reference
  runningMean: Float64Array
  runningVariance: Float64Array
}

/** `torch.nn.functional.batch_norm` with `training=True`. */
export function referenceBatchNorm(
  x: Reference,
  scale: Reference,
  offset: Reference,
  running: { mean: Float64Array; variance: Float64Array },
  { epsilon, momentum }: { epsilon: number; momentum: number },
): ReferenceBatchNorm {
  const channels = scale.values.length
  const pixels = x.values.length / channels
  const ofChannel = (channel: number) => x.values.filter((_, index) => index % channels === channel)
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)
  const mean = running.mean.map((_, channel) => total(ofChannel(channel)) / pixels)
  const squares = running.mean.map((_, channel) =>
    total(ofChannel(channel).map((value) => (value - (mean[channel] as number)) ** 2)),
  )
  const values = x.values.map((value, index) => {
    const channel = index % channels
    const deviation = Math.sqrt((squares[channel] as number) / pixels + epsilon)
    const normalised = (value - (mean[channel] as number)) / deviation
    return normalised * (scale.values[channel] as number) + (offset.values[channel] as number)
  })
  const mix = (old: number, fresh: number) => (1 - momentum) * old + momentum * fresh
  return {
    y: { shape: x.shape, values },
    runningMean: running.mean.map((old, channel) => mix(old, mean[channel] as number)),
    runningVariance: running.variance.map((old, channel) =>
      mix(old, (squares[channel] as number) / (pixels - 1)),
    ),
  }
}

/** `torch.nn.functional.cross_entropy` with `reduction='none'`. */
export function referenceCrossEntropy(logits: Reference, labels: readonly number[]): Reference {
  const classes = logits.shape[1] as number
  const values = Float64Array.from(labels, (label, image) => {
    const row = logits.values.subarray(image * classes, (image + 1) * classes)
    const total = row.reduce((sum, value) => sum + Math.exp(value), 0)
    return Math.log(total) - (row[label] as number)
  })
  return { shape: [labels.length], values }
}

function zeros(shape: number[]): Reference {
  return { shape, values: new Float64Array(shape.reduce((size, length) => size * length, 1)) }
}

/** Sets every element of a rank-4 reference by its place. */
function fill(target: Reference, value: (place: Shape4) => number): void {
  const [, height, width, channels] = target.shape as Shape4
  for (let index = 0; index < target.values.length; index++) {
    const pixel = Math.floor(index / channels)
    const row = Math.floor(pixel / width)
    target.values[index] = value([Math.floor(row / height), row % height, pixel % width, index % channels])
  }
}

/** The element at a place, or undefined outside. */
function at({ shape, values }: Reference, place: number[]): number | undefined {
  let index = 0
  for (const [dimension, length] of shape.entries()) {
    const position = place[dimension] as number
    if (position < 0 || position >= length) return undefined
    index = index * length + position
  }
  return values[index]
}
