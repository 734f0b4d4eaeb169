import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../shared/random.js'
import { addPatchColumns, type ConvolutionShape, copyPatchColumns, copyPatchRows } from './im2col.js'
import { reachableFilter } from './reachable-filter.js'

const convolutions = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 7 }),
    width: fc.integer({ min: 1, max: 7 }),
    channels: fc.integer({ min: 1, max: 3 }),
    filterSize: fc.constantFrom(1, 2, 3, 7),
    strides: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 3 }),
  })
  .filter(({ height, width, filterSize, padding }) => Math.min(height, width) + 2 * padding >= filterSize)
  .map(({ batch, height, width, channels, filterSize, ...window }) => {
    const reachable = reachableFilter([batch, height, width, channels], [filterSize, filterSize], window)
    return { filterSize, padding: window.padding, ...reachable }
  })
  // A window may lie on padding as a whole; PyTorch allows that and ResNet has no such layer.
  .filter(({ shape }) => shape.filterHeight > 0 && shape.filterWidth > 0)

describe('reachable filters', () => {
  it('are a part of the filter, and all of it where the picture is large enough', () => {
    fc.assert(
      fc.property(convolutions, ({ firstTapY, shape, filterSize }) => {
        expect(firstTapY + shape.filterHeight).toBeLessThanOrEqual(filterSize)
        if (shape.height >= filterSize && shape.outHeight > 3) expect(shape.filterHeight).toBe(filterSize)
      }),
    )
  })

  it('is one tap of nine for a 1x1 map', () => {
    const { firstTapY, firstTapX, shape } = reachableFilter([8, 1, 1, 512], [3, 3], {
      strides: 1,
      padding: 1,
    })
    expect({ firstTapY, firstTapX }).toEqual({ firstTapY: 1, firstTapX: 1 })
    expect(shape).toMatchObject({ filterHeight: 1, filterWidth: 1, paddingTop: 0, paddingLeft: 0 })
  })
})

describe('im2col', () => {
  it('holds the same patches by rows and by columns', () => {
    fc.assert(
      fc.property(convolutions, ({ shape }) => {
        const { rowCount, columnCount, planes, images } = matrices(shape)
        const rows = new Float32Array(rowCount * columnCount)
        const columns = new Float32Array(rowCount * columnCount)
        copyPatchRows(images, shape, rows)
        copyPatchColumns(planes, shape, columns)
        const turned = columns.map((_, index) => {
          const patch = Math.floor(index / columnCount)
          return columns[(index % columnCount) * rowCount + patch] as number
        })
        expect(rows).toEqual(turned)
      }),
    )
  })

  it('is the adjoint of col2im: <im2col x, c> = <x, col2im c>', () => {
    fc.assert(
      fc.property(convolutions, ({ shape }) => {
        const { rowCount, columnCount, planes } = matrices(shape)
        const columns = new Float32Array(rowCount * columnCount)
        copyPatchColumns(planes, shape, columns)
        const others = wholeNumbers(columns.length, 2)
        const added = new Float32Array(planes.length)
        addPatchColumns(others, shape, added)
        expect(dot(columns, others)).toBe(dot(planes, added))
      }),
    )
  })
})

/** Random pictures [N, H, W, C], the same as planes [C, N, H, W], and the size of their patch matrix. */
function matrices(shape: ConvolutionShape) {
  const pixels = shape.batch * shape.height * shape.width
  const images = wholeNumbers(pixels * shape.channels, 1)
  const planes = images.map((_, index) => {
    const channel = Math.floor(index / pixels)
    return images[(index % pixels) * shape.channels + channel] as number
  })
  const rowCount = shape.batch * shape.outHeight * shape.outWidth
  const columnCount = shape.filterHeight * shape.filterWidth * shape.channels
  return { images, planes, rowCount, columnCount }
}

/** Small whole numbers have exact products and sums. None is zero, so that a missing value shows. */
function wholeNumbers(count: number, stream: number): Float32Array {
  const random = new RandomStream(1, stream)
  return Float32Array.from({ length: count }, () => 1 + random.below(50))
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0)
}
