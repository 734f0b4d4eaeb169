/*
 * Convolutions as matrix products: the values under every position of the filter are copied out into a
 * matrix ("im2col"), or added back from one ("col2im"). Chellapilla et al., "High Performance Convolutional
 * Neural Networks for Document Processing", 2006.
 */

/** Sizes of one convolution. Padding after the last row and column follows from the output's size. */
export interface ConvolutionShape {
  batch: number
  height: number
  width: number
  channels: number
  filterHeight: number
  filterWidth: number
  strides: number
  paddingTop: number
  paddingLeft: number
  outHeight: number
  outWidth: number
}

/**
 * From [N, H, W, C] to [N H' W', kh kw C]: one row for each position of the filter. `rows` must be zero where
 * positions overlap the padding, so pass a cleared array if the convolution pads.
 */
export function copyPatchRows(images: Float32Array, shape: ConvolutionShape, rows: Float32Array): void {
  const { batch, height, width, channels, filterHeight, filterWidth, strides } = shape
  const rowLength = filterHeight * filterWidth * channels
  let row = 0
  for (let image = 0; image < batch; image++) {
    for (let outY = 0; outY < shape.outHeight; outY++) {
      for (let outX = 0; outX < shape.outWidth; outX++) {
        const left = outX * strides - shape.paddingLeft
        const firstX = Math.max(0, -left)
        const endX = Math.min(filterWidth, width - left)
        const runLength = (endX - firstX) * channels
        for (let tapY = 0; tapY < filterHeight; tapY++) {
          const y = outY * strides + tapY - shape.paddingTop
          if (y < 0 || y >= height) continue
          const source = ((image * height + y) * width + left + firstX) * channels
          const target = row + (tapY * filterWidth + firstX) * channels
          for (let index = 0; index < runLength; index++) {
            rows[target + index] = images[source + index] as number
          }
        }
        row += rowLength
      }
    }
  }
}

/**
 * From planes [C, N, H, W] to [kh kw C, N H' W']: one column for each position of the filter. `columns` must
 * be zero where positions overlap the padding.
 */
export function copyPatchColumns(planes: Float32Array, shape: ConvolutionShape, columns: Float32Array): void {
  const { height, width, strides, paddingTop, outHeight, outWidth } = shape
  const planeCount = shape.channels * shape.batch
  let column = 0
  for (const { tapY, offsetX, firstX, endX } of taps(shape)) {
    for (let plane = 0; plane < planeCount; plane++) {
      for (let outY = 0; outY < outHeight; outY++, column += outWidth) {
        const y = outY * strides + tapY - paddingTop
        if (y < 0 || y >= height) continue
        let source = (plane * height + y) * width + firstX * strides + offsetX
        for (let target = column + firstX; target < column + endX; target++, source += strides) {
          columns[target] = planes[source] as number
        }
      }
    }
  }
}

/** The reverse of `copyPatchColumns`: adds every value to the place in `planes` that it would be copied from. */
export function addPatchColumns(columns: Float32Array, shape: ConvolutionShape, planes: Float32Array): void {
  const { height, width, strides, paddingTop, outHeight, outWidth } = shape
  const planeCount = shape.channels * shape.batch
  let column = 0
  for (const { tapY, offsetX, firstX, endX } of taps(shape)) {
    for (let plane = 0; plane < planeCount; plane++) {
      for (let outY = 0; outY < outHeight; outY++, column += outWidth) {
        const y = outY * strides + tapY - paddingTop
        if (y < 0 || y >= height) continue
        let target = (plane * height + y) * width + firstX * strides + offsetX
        for (let source = column + firstX; source < column + endX; source++, target += strides) {
          planes[target] = (planes[target] as number) + (columns[source] as number)
        }
      }
    }
  }
}

interface Tap {
  tapY: number
  /** From an output's x, times the strides, to the input's x under this tap. */
  offsetX: number
  /** The outputs in a row for which the tap lies on the picture. */
  firstX: number
  endX: number
}

/** The filter's taps in memory order. */
function taps({ filterHeight, filterWidth, width, strides, paddingLeft, outWidth }: ConvolutionShape): Tap[] {
  return Array.from({ length: filterHeight * filterWidth }, (_, index) => {
    const offsetX = (index % filterWidth) - paddingLeft
    return {
      tapY: Math.floor(index / filterWidth),
      offsetX,
      firstX: Math.max(0, Math.ceil(-offsetX / strides)),
      endX: Math.min(outWidth, Math.ceil((width - offsetX) / strides)),
    }
  })
}
