import fc from 'fast-check'
import type { Convolution } from '../convolution-geometry.js'

/** Small convolutions of every kind, uneven ones included; at least one tap meets the picture. */
export const anyConvolution: fc.Arbitrary<Convolution> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 7 }),
    width: fc.integer({ min: 1, max: 7 }),
    channels: fc.integer({ min: 1, max: 3 }),
    filters: fc.integer({ min: 1, max: 3 }),
    filterSize: fc.constantFrom(1, 2, 3, 7),
    strides: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 3 }),
  })
  .filter(({ height, width, filterSize, padding }) => Math.min(height, width) + 2 * padding >= filterSize)
  .filter(({ filterSize, padding }) => padding < filterSize)
  .map(({ filterSize, ...rest }) => ({ ...rest, filterHeight: filterSize, filterWidth: filterSize }))

/** ResNet's convolutions in small: each of its kernels, strides and map sizes, with few pictures and channels. */
export const resNetConvolutions: readonly Convolution[] = [
  [9, 7, 2, 3],
  [8, 7, 2, 3],
  [8, 3, 1, 1],
  [8, 3, 2, 1],
  [8, 1, 2, 0],
  [5, 3, 2, 1],
  [5, 1, 2, 0],
  [4, 1, 1, 0],
  [4, 3, 1, 1],
  [4, 3, 2, 1],
  [2, 3, 1, 1],
  [2, 3, 2, 1],
  [2, 1, 2, 0],
  [1, 3, 1, 1],
].map(([size = 1, window = 1, strides = 1, padding = 0]) => ({
  batch: 3,
  height: size,
  width: size,
  channels: 5,
  filterHeight: window,
  filterWidth: window,
  filters: 6,
  strides,
  padding,
}))
