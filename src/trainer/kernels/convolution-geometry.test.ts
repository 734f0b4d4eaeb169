import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Convolution,
  describeConvolution,
  floatingPointOperations,
  isFullyConnected,
  outputSize,
  reachableTapPairs,
  reachableTaps,
} from './convolution-geometry.js'
import { anyConvolution } from './test-support/convolutions.js'

const ofResNet = (height: number, channels: number, filters: number, strides: number): Convolution => ({
  batch: 256,
  height,
  width: height,
  channels,
  filterHeight: 3,
  filterWidth: 3,
  filters,
  strides,
  padding: 1,
})

describe('reachable taps', () => {
  it('are the pairs of an input and an output that a naive walk finds', () => {
    fc.assert(
      fc.property(anyConvolution, (convolution) => {
        const { height, filterHeight, strides, padding } = convolution
        const [outHeight] = outputSize(convolution)
        const naive: string[] = []
        for (let tap = 0; tap < filterHeight; tap++) {
          for (let output = 0; output < outHeight; output++) {
            const input = output * strides + tap - padding
            if (input >= 0 && input < height) naive.push(`${tap}: ${input} to ${output}`)
          }
        }
        const walked = reachableTaps(height, filterHeight, convolution).flatMap((tap) =>
          Array.from({ length: tap.count }, (_, index) => {
            const input = tap.firstInput + index * strides
            return `${tap.tap}: ${input} to ${tap.firstOutput + index}`
          }),
        )
        expect(walked).toEqual(naive)
      }),
    )
  })

  it('is one of nine on a 1x1 map, four for a 2x2 map at stride 2', () => {
    expect(reachableTapPairs(ofResNet(1, 512, 512, 1))).toHaveLength(1)
    expect(reachableTapPairs(ofResNet(2, 256, 512, 2))).toHaveLength(4)
    expect(reachableTapPairs(ofResNet(8, 64, 64, 1))).toHaveLength(9)
  })
})

describe('a fully connected convolution', () => {
  it.each([
    { convolution: ofResNet(1, 512, 512, 1), expected: true },
    { convolution: ofResNet(2, 256, 256, 1), expected: true },
    { convolution: ofResNet(2, 256, 512, 2), expected: true },
    { convolution: ofResNet(3, 256, 256, 1), expected: false },
    { convolution: ofResNet(4, 128, 256, 2), expected: false },
  ])('$convolution.height at stride $convolution.strides: $expected', ({ convolution, expected }) => {
    expect(isFullyConnected(convolution)).toBe(expected)
  })

  it('is one in which every output sees every input', () => {
    fc.assert(
      fc.property(anyConvolution, (convolution) => {
        const [outHeight, outWidth] = outputSize(convolution)
        const seen = reachableTapPairs(convolution).reduce(
          (pairs, { row, column }) => pairs + row.count * column.count,
          0,
        )
        const all = convolution.height * convolution.width * outHeight * outWidth
        expect(isFullyConnected(convolution)).toBe(seen === all)
      }),
    )
  })
})

it('counts a convolution’s operations with its padding', () => {
  expect(floatingPointOperations(ofResNet(8, 64, 128, 2))).toBe(2 * 256 * 4 * 4 * 9 * 64 * 128)
})

it('is described in one line', () => {
  expect(describeConvolution(ofResNet(8, 64, 128, 2))).toBe('256x8x8x64 * 3x3x128, stride 2, padding 1')
})
