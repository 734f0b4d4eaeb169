import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  axisTransforms,
  hasTiles,
  kronecker,
  type Matrix,
  minimalFiltering,
  tileLengths,
  toMatrix,
  transposed,
} from './winograd.js'

const numbers = (length: number) =>
  fc.array(fc.integer({ min: -8, max: 8 }), { minLength: length, maxLength: length })

describe.each(tileLengths)('minimal filtering with %i outputs a tile', (tileLength) => {
  const { inputs, filter, outputs, pointCount } = minimalFiltering(tileLength)

  it('multiplies once a point: as often as a tile has inputs', () => {
    expect(pointCount).toBe(tileLength + 2)
    expect([inputs.length, filter.length]).toEqual([pointCount, pointCount])
    expect(outputs.length).toBe(tileLength)
  })

  it('correlates a tile with a filter of three taps', () => {
    fc.assert(
      fc.property(numbers(pointCount), numbers(3), (tile, taps) => {
        const atPoints = multiply(toMatrix(inputs), tile)
        const ofFilter = multiply(toMatrix(filter), taps)
        const result = multiply(
          toMatrix(outputs),
          atPoints.map((value, point) => value * (ofFilter[point] as number)),
        )
        expectAlmost(result, correlate(tile, taps, 0))
      }),
    )
  })

  it('correlates a whole axis with any padding, whether or not its outputs fill their tiles', () => {
    const anyAxis = fc.record({
      axis: fc.integer({ min: 3, max: 20 }).chain(numbers),
      taps: numbers(3),
      padding: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(anyAxis, ({ axis, taps, padding }) => {
        const transforms = axisTransforms(minimalFiltering(tileLength), axis.length, padding)
        const atPoints = multiply(transforms.inputs, axis)
        const ofFilter = multiply(toMatrix(filter), taps)
        const products = atPoints.map(
          (value, line) => value * (ofFilter[Math.floor(line / transforms.tileCount)] as number),
        )
        expectAlmost(multiply(transforms.outputs, products), correlate(axis, taps, padding))
      }),
    )
  })

  it('is for 3x3 filters at stride 1 that fill a tile', () => {
    const convolution = {
      ...{ batch: 1, height: 4, width: 4, channels: 1, filters: 1 },
      ...{ filterHeight: 3, filterWidth: 3, strides: 1, padding: 1 },
    }
    expect(hasTiles(convolution, tileLength)).toBe(true)
    expect(hasTiles({ ...convolution, strides: 2 }, tileLength)).toBe(false)
    expect(hasTiles({ ...convolution, filterWidth: 1 }, tileLength)).toBe(false)
    expect(hasTiles({ ...convolution, height: tileLength - 1 }, tileLength)).toBe(false)
    expect(hasTiles({ ...convolution, height: 8, width: 8 }, tileLength)).toBe(tileLength === 4)
  })
})

it('the Kronecker product of two matrices does along two axes what they do along one each', () => {
  const a = toMatrix([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  const b = toMatrix([[7, 8]])
  expect(kronecker(a, b)).toEqual(
    toMatrix([
      [7, 8, 14, 16],
      [21, 24, 28, 32],
      [35, 40, 42, 48],
    ]),
  )
  expect(transposed(a)).toEqual(
    toMatrix([
      [1, 3, 5],
      [2, 4, 6],
    ]),
  )
})

function multiply({ rows, columns, values }: Matrix, vector: readonly number[]): number[] {
  return Array.from({ length: rows }, (_, row) =>
    vector.reduce((sum, value, column) => sum + value * (values[row * columns + column] as number), 0),
  )
}

/** What a convolution of a network computes along one axis, by its definition. */
function correlate(axis: readonly number[], taps: readonly number[], padding: number): number[] {
  return Array.from({ length: axis.length + 2 * padding - 2 }, (_, output) =>
    taps.reduce((sum, weight, tap) => sum + weight * (axis[output + tap - padding] ?? 0), 0),
  )
}

function expectAlmost(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index] as number, 3)
}
