import { add, concat, matMul, mean, mul, reshape, sum } from '@tensorflow/tfjs-core'
import { it } from 'vitest'
import { expectOpToMatch, randomReference } from './gradient-check.js'
import type { Reference } from './reference-ops.js'

/** Gradients of the tfjs kernels that models are built of. Call it inside a `describe`. */
export function tfjsGradientsSuite(): void {
  const matrix = randomReference([3, 4], 20)
  const row = randomReference([4], 21)

  it('adds a row to each row of a matrix', () => {
    expectOpToMatch(
      [matrix, row],
      (a, b) => add(a, b),
      (a, b) => ({ ...a, values: a.values.map((value, index) => value + (b.values[index % 4] as number)) }),
    )
  })

  it('multiplies each row of a matrix by a row', () => {
    expectOpToMatch(
      [matrix, row],
      (a, b) => mul(a, b),
      (a, b) => ({ ...a, values: a.values.map((value, index) => value * (b.values[index % 4] as number)) }),
    )
  })

  it('scales by a number', () => {
    expectOpToMatch(
      [matrix],
      (a) => mul(a, 0.125),
      (a) => ({ ...a, values: a.values.map((value) => value * 0.125) }),
    )
  })

  it.each([
    { transposeA: false, transposeB: false },
    { transposeA: true, transposeB: false },
    { transposeA: false, transposeB: true },
    { transposeA: true, transposeB: true },
  ])('multiplies matrices, $transposeA, $transposeB', ({ transposeA, transposeB }) => {
    const a = randomReference(transposeA ? [4, 3] : [3, 4], 22)
    const b = randomReference(transposeB ? [5, 4] : [4, 5], 23)
    expectOpToMatch(
      [a, b],
      (left, right) => matMul(left, right, transposeA, transposeB),
      (left, right) => product(transposeA ? transposed(left) : left, transposeB ? transposed(right) : right),
    )
  })

  it('averages over height and width', () => {
    expectOpToMatch(
      [randomReference([2, 3, 2, 4], 24)],
      (x) => mean(x, [1, 2]),
      (x) => {
        const values = new Float64Array(8)
        for (const [index, value] of x.values.entries()) {
          const place = Math.floor(index / 24) * 4 + (index % 4)
          values[place] = (values[place] as number) + value / 6
        }
        return { shape: [2, 4], values }
      },
    )
  })

  it('sums everything', () => {
    expectOpToMatch(
      [matrix],
      (x) => sum(x),
      (x) => ({ shape: [], values: Float64Array.of(x.values.reduce((total, value) => total + value, 0)) }),
    )
  })

  it('reshapes', () => {
    expectOpToMatch(
      [matrix],
      (x) => reshape(x, [2, 6]),
      (x) => ({ ...x, shape: [2, 6] }),
    )
  })

  it('joins parts of unequal length', () => {
    expectOpToMatch(
      [matrix, randomReference([1, 4], 25)],
      (a, b) => concat([a, b], 0),
      (a, b) => ({ shape: [4, 4], values: Float64Array.of(...a.values, ...b.values) }),
    )
  })
}

function transposed({ shape, values }: Reference): Reference {
  const [rows, columns] = shape as [number, number]
  return {
    shape: [columns, rows],
    values: values.map((_, index) => values[(index % rows) * columns + Math.floor(index / rows)] as number),
  }
}

function product(a: Reference, b: Reference): Reference {
  const [rows, inner] = a.shape as [number, number]
  const columns = b.shape[1] as number
  const values = Float64Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns)
    let total = 0
    for (let place = 0; place < inner; place++) {
      total +=
        (a.values[row * inner + place] as number) * (b.values[place * columns + (index % columns)] as number)
    }
    return total
  })
  return { shape: [rows, columns], values }
}
