import type { WindowAttributes } from './contract.js'

/** One convolution of a network: everything that its kernels' cost depends on. [N, H, W, C] with [kh, kw, C, K]. */
export interface Convolution extends WindowAttributes {
  batch: number
  height: number
  width: number
  channels: number
  filterHeight: number
  filterWidth: number
  filters: number
}

export function convolutionOf(
  pictureShape: readonly number[],
  filterShape: readonly number[],
  { strides, padding }: WindowAttributes,
): Convolution {
  const [batch, height, width, channels] = pictureShape as [number, number, number, number]
  const [filterHeight, filterWidth, , filters] = filterShape as [number, number, number, number]
  return { batch, height, width, channels, filterHeight, filterWidth, filters, strides, padding }
}

/** Positions of a window along one axis, as PyTorch counts them: the last may leave inputs unused. */
export function outputLength(length: number, window: number, { strides, padding }: WindowAttributes): number {
  return Math.floor((length + 2 * padding - window) / strides) + 1
}

/** [H', W'] */
export function outputSize(convolution: Convolution): [height: number, width: number] {
  const { height, width, filterHeight, filterWidth } = convolution
  return [outputLength(height, filterHeight, convolution), outputLength(width, filterWidth, convolution)]
}

/** One row or column of a filter, and where along that axis it meets the picture. */
export interface Tap {
  tap: number
  /** The outputs for which the tap lies on the picture: [firstOutput, firstOutput + count). */
  firstOutput: number
  count: number
  /** The input under the tap at `firstOutput`; further ones follow at the strides. */
  firstInput: number
}

/** The taps along one axis that meet the picture at all. On a 1x1 map one of three does; the others see padding only. */
export function reachableTaps(length: number, window: number, attributes: WindowAttributes): Tap[] {
  const { strides, padding } = attributes
  const outputs = outputLength(length, window, attributes)
  const taps: Tap[] = []
  for (let tap = 0; tap < window; tap++) {
    const firstOutput = Math.max(0, Math.ceil((padding - tap) / strides))
    const endOutput = Math.min(outputs, Math.floor((length - 1 + padding - tap) / strides) + 1)
    if (endOutput <= firstOutput) continue
    const firstInput = firstOutput * strides + tap - padding
    taps.push({ tap, firstOutput, count: endOutput - firstOutput, firstInput })
  }
  return taps
}

/** Reachable taps of both axes, in the filter's memory order. */
export function reachableTapPairs(convolution: Convolution): { row: Tap; column: Tap }[] {
  const { height, width, filterHeight, filterWidth } = convolution
  const columns = reachableTaps(width, filterWidth, convolution)
  return reachableTaps(height, filterHeight, convolution).flatMap((row) =>
    columns.map((column) => ({ row, column })),
  )
}

/** Whether the reachable taps are a block of the filter, as they are unless strides skip over a small picture. */
export function reachesBlockOfTaps(convolution: Convolution): boolean {
  const { height, width, filterHeight, filterWidth } = convolution
  const along = (length: number, window: number) =>
    reachableTaps(length, window, convolution).every(
      ({ tap }, index, taps) => tap === (taps[0]?.tap ?? 0) + index,
    )
  return along(height, filterHeight) && along(width, filterWidth)
}

/**
 * Whether every output sees every input, as on the 2x2 and 1x1 maps at the end of a ResNet: the convolution is a
 * fully connected layer then, and as one it multiplies nothing by padding.
 */
export function isFullyConnected(convolution: Convolution): boolean {
  const { height, width, filterHeight, filterWidth, strides, padding } = convolution
  const [outHeight, outWidth] = outputSize(convolution)
  const along = (length: number, outputs: number, window: number) =>
    padding - strides * (outputs - 1) >= 0 && padding + length <= window
  return along(height, outHeight, filterHeight) && along(width, outWidth, filterWidth)
}

/** A convolution as one line, for people and as a key: "256x8x8x64 * 3x3x64, stride 1, padding 1". */
export function describeConvolution(convolution: Convolution): string {
  const { batch, height, width, channels, filterHeight, filterWidth, filters, strides, padding } = convolution
  const picture = `${batch}x${height}x${width}x${channels}`
  return `${picture} * ${filterHeight}x${filterWidth}x${filters}, stride ${strides}, padding ${padding}`
}

/** Multiplications and additions of a dense convolution, padding included: the same for its three kernels. */
export function floatingPointOperations(convolution: Convolution): number {
  const { batch, channels, filterHeight, filterWidth, filters } = convolution
  const [outHeight, outWidth] = outputSize(convolution)
  return 2 * batch * outHeight * outWidth * filterHeight * filterWidth * channels * filters
}
