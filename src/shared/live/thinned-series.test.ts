import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ThinnedSeries } from './thinned-series.js'

const value = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(null))
const entries = fc.array(fc.tuple(value, value), { maxLength: 300 })

function seriesOf(values: readonly (readonly (number | null)[])[], capacity = 16): ThinnedSeries {
  const series = new ThinnedSeries(2, capacity)
  for (const entry of values) series.append(entry)
  return series
}

describe('ThinnedSeries', () => {
  it('keeps every entry apart while there is room', () => {
    const series = seriesOf([
      [1, 10],
      [2, null],
      [3, 30],
    ])

    expect(series.bucketCount).toBe(3)
    expect([0, 1, 2].map((bucket) => series.mean(0, bucket))).toEqual([1, 2, 3])
    expect([0, 1, 2].map((bucket) => series.mean(1, bucket))).toEqual([10, null, 30])
    expect(series.latest(1)).toBe(30)
  })

  it('halves its resolution when the room is used up', () => {
    const series = seriesOf(
      Array.from({ length: 17 }, (_, index) => [index, 0]),
      16,
    )

    expect(series.bucketSize).toBe(2)
    expect(series.bucketCount).toBe(9)
    expect(series.mean(0, 0)).toBe(0.5)
    expect(series.minimum(0, 7)).toBe(14)
    expect(series.maximum(0, 7)).toBe(15)
    expect(series.mean(0, 8)).toBe(16)
  })

  it('has no more buckets than its capacity, whatever its length', () => {
    fc.assert(
      fc.property(entries, (values) => {
        const series = seriesOf(values)
        expect(series.bucketCount).toBeLessThanOrEqual(16)
        expect(series.length).toBe(values.length)
      }),
    )
  })

  it('takes memory as it grows, whatever its channels and its capacity', () => {
    const channels = 100_000
    const series = new ThinnedSeries(channels, 1_000_000)
    series.append(new Array<number>(channels).fill(1))
    expect(series.mean(channels - 1, 0)).toBe(1)
    expect(series.mean(0, 1)).toBeNull()
  })

  it('never loses a spike, nor the sum', () => {
    fc.assert(
      fc.property(entries, (values) => {
        const series = seriesOf(values)
        const present = values.flatMap(([first]) => (first === null ? [] : [first]))
        const buckets = Array.from({ length: series.bucketCount }, (_, bucket) => bucket)
        const maxima = buckets.flatMap((bucket) => series.maximum(0, bucket) ?? [])
        const minima = buckets.flatMap((bucket) => series.minimum(0, bucket) ?? [])
        expect(Math.max(...maxima)).toBe(Math.max(...present))
        expect(Math.min(...minima)).toBe(Math.min(...present))
      }),
    )
  })

  it('is the same after a trip through JSON, and goes on the same', () => {
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const original = seriesOf(before)
        const copy = ThinnedSeries.fromSnapshot(JSON.parse(JSON.stringify(original.toSnapshot())))
        for (const entry of after) {
          original.append(entry)
          copy.append(entry)
        }
        expect(copy.toSnapshot()).toEqual(original.toSnapshot())
      }),
    )
  })
})
