import { type Convolution, outputSize } from './convolution-geometry.js'

/*
 * Winograd's minimal filtering (S. Winograd 1980; for networks: A. Lavin, S. Gray, "Fast Algorithms for Convolutional
 * Neural Networks", 2015), by the construction of Cook and Toom: a tile of outputs is a polynomial product that is
 * evaluated at points, multiplied there, and interpolated. With F(4x4, 3x3) a 3x3 filter takes 2.25 multiplications an
 * output where it has 9 taps; with F(2x2, 3x3) it takes 4. Both sides are exact but for rounding.
 */

/** Row after row. */
export interface Matrix {
  rows: number
  columns: number
  values: Float32Array
}

/** y = outputs ((filter g) * (inputs d)) along one axis: a tile of `tileLength` outputs from tileLength + 2 inputs. */
export interface MinimalFiltering {
  tileLength: number
  /** Values of a tile between its transforms: tileLength + 2. */
  pointCount: number
  /** [points, inputs of a tile] */
  inputs: number[][]
  /** [points, 3] */
  filter: number[][]
  /** [outputs of a tile, points] */
  outputs: number[][]
}

const taps = 3

/**
 * Finite points by outputs a tile; the last point is at infinity. Small numbers keep rounding small: those of four
 * outputs are from B. Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep
 * Neural Networks", 2020.
 */
const finitePoints = { 2: [0, 1, -1], 4: [0, -1, 1, 0.5, -2] } as const
export const tileLengths = [2, 4] as const
export type TileLength = (typeof tileLengths)[number]

/** The transforms of F(tileLength, 3). */
export function minimalFiltering(tileLength: TileLength): MinimalFiltering {
  const points: readonly number[] = finitePoints[tileLength]
  const pointCount = points.length + 1
  const powers = (count: number) => (point: number) =>
    Array.from({ length: count }, (_, power) => point ** power)
  const others = (index: number) => points.filter((_, other) => other !== index)
  const unit = (length: number) => Array.from({ length }, (_, index) => (index === length - 1 ? 1 : 0))

  const atPoints = [...points.map(powers(tileLength)), unit(tileLength)]
  return {
    tileLength,
    pointCount,
    inputs: [
      ...points.map((_, index) => [...polynomialWithRoots(others(index)), 0]),
      polynomialWithRoots(points),
    ],
    filter: [
      ...points.map((point, index) => {
        const scale = others(index).reduce((product, other) => product * (point - other), 1)
        return powers(taps)(point).map((power) => power / scale)
      }),
      unit(taps),
    ],
    outputs: Array.from({ length: tileLength }, (_, output) => atPoints.map((row) => row[output] as number)),
  }
}

/** Coefficients of the product of (x - root), ascending. */
function polynomialWithRoots(roots: readonly number[]): number[] {
  let product = [1]
  for (const root of roots) {
    const factor = product
    product = Array.from(
      { length: factor.length + 1 },
      (_, power) => (factor[power - 1] ?? 0) - root * (factor[power] ?? 0),
    )
  }
  return product
}

/** Beyond, larger tiles take fewer multiplications and less memory. */
const longestAxis: Readonly<Record<TileLength, number>> = { 2: 7, 4: Number.POSITIVE_INFINITY }

/** Whether a convolution can be computed in tiles of this length, and may win by it. */
export function hasTiles(convolution: Convolution, tileLength: TileLength): boolean {
  const { filterHeight, filterWidth, strides } = convolution
  const isThreeByThree = filterHeight === taps && filterWidth === taps && strides === 1
  const fits = (length: number) => length >= tileLength && length <= longestAxis[tileLength]
  return isThreeByThree && outputSize(convolution).every(fits)
}

/** The transforms of a whole axis, all of its tiles at once; padding is zeros that are not even there. */
export interface AxisTransforms {
  tileCount: number
  /** [points tiles, inputs]: the tiles of one point after another. */
  inputs: Matrix
  /** [outputs, points tiles] */
  outputs: Matrix
}

export function axisTransforms(
  { tileLength, pointCount, inputs, outputs }: MinimalFiltering,
  inputLength: number,
  padding: number,
): AxisTransforms {
  const outputLength = inputLength + 2 * padding - (taps - 1)
  const tileCount = Math.ceil(outputLength / tileLength)
  const inputsMatrix = zeros(pointCount * tileCount, inputLength)
  const outputsMatrix = zeros(outputLength, pointCount * tileCount)
  for (let tile = 0; tile < tileCount; tile++) {
    const first = tile * tileLength
    for (let point = 0; point < pointCount; point++) {
      const line = point * tileCount + tile
      inputs[point]?.forEach((coefficient, offset) => {
        const input = first + offset - padding
        if (input >= 0 && input < inputLength) set(inputsMatrix, line, input, coefficient)
      })
      for (let offset = 0; offset < tileLength && first + offset < outputLength; offset++) {
        set(outputsMatrix, first + offset, line, outputs[offset]?.[point] ?? 0)
      }
    }
  }
  return { tileCount, inputs: inputsMatrix, outputs: outputsMatrix }
}

export function toMatrix(lines: readonly (readonly number[])[]): Matrix {
  return { rows: lines.length, columns: lines[0]?.length ?? 0, values: Float32Array.from(lines.flat()) }
}

export function transposed({ rows, columns, values }: Matrix): Matrix {
  const result = zeros(columns, rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      set(result, column, row, values[row * columns + column] as number)
    }
  }
  return result
}

/** The Kronecker product: one matrix that does along two axes what `a` and `b` do along one each. */
export function kronecker(a: Matrix, b: Matrix): Matrix {
  const result = zeros(a.rows * b.rows, a.columns * b.columns)
  for (let row = 0; row < result.rows; row++) {
    for (let column = 0; column < result.columns; column++) {
      const ofA = Math.floor(row / b.rows) * a.columns + Math.floor(column / b.columns)
      const ofB = (row % b.rows) * b.columns + (column % b.columns)
      set(result, row, column, (a.values[ofA] as number) * (b.values[ofB] as number))
    }
  }
  return result
}

function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float32Array(rows * columns) }
}

function set({ columns, values }: Matrix, row: number, column: number, value: number): void {
  values[row * columns + column] = value
}
