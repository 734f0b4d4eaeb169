import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupStepsOf } from '../live/group-steps.js'
import { measurementOf, repeatedRun } from './run-results.fixture.js'
import { stepCurves } from './step-curves.js'

describe('curves over epochs', () => {
  it('join ranks, and take the repeats of a strategy together', () => {
    const repeats = [measurementOf('ddp', 0, { slowdown: 1 }), measurementOf('ddp', 1, { slowdown: 2 })]
    const { loss, imagesPerSecond } = stepCurves(repeats, ['ddp'])

    expect(loss.map(({ id, title }) => [id, title])).toEqual([['ddp', 'DDP']])
    expect(loss[0]?.points).toHaveLength(10)
    expect(loss[0]?.points[0]).toEqual({ epochs: 0.2, mean: 2.3, low: 2.3, high: 2.3 })
    expect(loss[0]?.points.at(-1)?.epochs).toBe(2)
    // 64 images in 64 and in 128 ms: all images over all time, between the repeats' own.
    expect(imagesPerSecond[0]?.points[0]).toEqual({
      epochs: 0.2,
      mean: expect.closeTo(128_000 / 192),
      low: expect.closeTo(500),
      high: expect.closeTo(1000),
    })
  })

  it('come in the order asked for, without strategies that made no step', () => {
    const { measurements } = repeatedRun(1, ['ddp', 'single'])
    const { loss } = stepCurves(measurements, ['single', 'dp', 'ddp'])
    expect(loss.map(({ id }) => id)).toEqual(['single', 'ddp'])
  })

  it('leave out a step that one rank did not finish', () => {
    const measurement = measurementOf('ddp', 0)
    measurement.ranks[1]?.steps.pop()
    expect([...groupStepsOf(measurement)]).toHaveLength(9)
  })

  it('stay within a number of points that can be seen, and within the bounds of what they stand for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 500 }),
        (losses) => {
          const measurement = measurementOf('single', 0)
          const [first] = measurement.ranks[0]?.steps ?? []
          if (first === undefined) throw new Error('no step')
          measurement.ranks = [{ rank: 0, steps: losses.map((loss, step) => ({ ...first, step, loss })) }]

          const points = stepCurves([measurement], ['single']).loss[0]?.points ?? []
          expect(points.length).toBeLessThanOrEqual(60)
          expect(points.at(-1)?.epochs).toBe(1)
          for (const { mean } of points) {
            expect(mean).toBeGreaterThanOrEqual(Math.min(...losses) - 1e-9)
            expect(mean).toBeLessThanOrEqual(Math.max(...losses) + 1e-9)
          }
        },
      ),
    )
  })
})
