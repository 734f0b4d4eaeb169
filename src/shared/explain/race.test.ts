import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imagesAt, type PacePoint } from './pace.js'
import { raceOf, secondsAt, standings } from './race.js'

/** 100 images a step. */
const steady = (stepSeconds: number, steps = 10): PacePoint[] =>
  Array.from({ length: steps + 1 }, (_, step) => ({ seconds: step * stepSeconds, images: step * 100 }))

const single = { pace: steady(2), epochImages: 1_000 }
const ddp = { pace: steady(1), epochImages: 1_000 }

describe('a race', () => {
  it('starts all lanes together, and ends when the last is through', () => {
    const race = raceOf([single, ddp])
    expect(race).toMatchObject({ lineImages: 1_000, finishSeconds: [20, 10], lengthSeconds: 20 })
  })

  it('has the faster one ahead, and first across the line', () => {
    const race = raceOf([single, ddp])
    if (race === null) throw new Error('no race')
    expect(standings(race, 5)).toEqual([
      { images: 250, share: 0.25, place: null },
      { images: 500, share: 0.5, place: null },
    ])
    expect(standings(race, 20).map(({ place, share }) => ({ place, share }))).toEqual([
      { place: 2, share: 1 },
      { place: 1, share: 1 },
    ])
  })

  it('is over as many images for all, where epochs differ', () => {
    expect(raceOf([single, { ...ddp, epochImages: 400 }])).toMatchObject({
      lineImages: 400,
      finishSeconds: [8, 4],
    })
  })

  it('gives the same place to who crosses at the same time', () => {
    const race = raceOf([single, ddp, single])
    if (race === null) throw new Error('no race')
    expect(standings(race, 99).map(({ place }) => place)).toEqual([2, 1, 2])
  })

  it('takes two lanes to six, and none that never trained', () => {
    expect(raceOf([single])).toBeNull()
    expect(raceOf([single, { pace: [], epochImages: 1 }])).toBeNull()
    expect(raceOf(Array(9).fill(single))?.lanes).toHaveLength(6)
  })

  it('knows when so many images were trained, as the pace does the other way round', () => {
    const steps = fc.array(
      fc.record({ ms: fc.integer({ min: 1, max: 900 }), images: fc.integer({ min: 1, max: 64 }) }),
      {
        minLength: 1,
        maxLength: 30,
      },
    )
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const pace = all.reduce<PacePoint[]>(
          (points, { ms, images }) => {
            const last = points.at(-1) as PacePoint
            points.push({ seconds: last.seconds + ms / 1000, images: last.images + images })
            return points
          },
          [{ seconds: 0, images: 0 }],
        )
        const wanted = share * ((pace.at(-1) as PacePoint).images - 1e-6)
        expect(imagesAt(pace, secondsAt(pace, wanted))).toBeCloseTo(wanted, 6)
      }),
    )
  })
})
