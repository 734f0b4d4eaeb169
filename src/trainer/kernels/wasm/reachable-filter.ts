import type { WindowAttributes } from '../contract.js'
import { outputLength } from '../convolution-geometry.js'
import type { ConvolutionShape } from './im2col.js'

/** The part of a filter that ever meets the picture, and the convolution with that part. */
export interface ReachableFilter {
  firstTapY: number
  firstTapX: number
  shape: ConvolutionShape
}

/**
 * Leaves out the filter's rows and columns that only ever lie on padding. On ResNet's last maps (1x1 under a
 * 3x3 filter) eight of nine taps do.
 */
export function reachableFilter(
  [batch, height, width, channels]: number[],
  [filterHeight, filterWidth]: number[],
  window: WindowAttributes,
): ReachableFilter {
  const y = reachableTaps(height as number, filterHeight as number, window)
  const x = reachableTaps(width as number, filterWidth as number, window)
  return {
    firstTapY: y.first,
    firstTapX: x.first,
    shape: {
      batch: batch as number,
      height: height as number,
      width: width as number,
      channels: channels as number,
      filterHeight: y.count,
      filterWidth: x.count,
      strides: window.strides,
      paddingTop: window.padding - y.first,
      paddingLeft: window.padding - x.first,
      outHeight: y.outLength,
      outWidth: x.outLength,
    },
  }
}

function reachableTaps(length: number, window: number, attributes: WindowAttributes) {
  const { strides, padding } = attributes
  const outLength = outputLength(length, window, attributes)
  const first = Math.max(0, padding - (outLength - 1) * strides)
  const last = Math.min(window - 1, length - 1 + padding)
  return { first, count: last - first + 1, outLength }
}
