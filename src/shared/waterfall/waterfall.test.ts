import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MeanPhases } from './mean-phases.js'
import { explainStep, type Waterfall, type WaterfallInput } from './waterfall.js'

/** Single: 100 images in 200 ms. */
const base: MeanPhases = {
  images: 100,
  stepMs: 200,
  dataWaitMs: 4,
  computeMs: 190,
  communicationMs: 0,
  updateMs: 0,
}

function explain(input: Partial<WaterfallInput>): Waterfall {
  const waterfall = explainStep({
    strategy: 'ddp',
    base,
    ranks: [],
    devices: 2,
    stragglerWaitMs: null,
    unit: 'image',
    ...input,
  })
  if (waterfall === null) throw new Error('nothing to explain')
  return waterfall
}

const amounts = ({ bars }: Waterfall) =>
  Object.fromEntries(bars.map(({ name, msPerStep }) => [name, msPerStep]))
const titles = ({ bars }: Waterfall) => Object.fromEntries(bars.map(({ name, title }) => [name, title]))

/** Two ranks of 50 images each: the same global batch as the base's. */
const ddpRanks: MeanPhases[] = [
  { images: 50, stepMs: 150, dataWaitMs: 1, computeMs: 105, communicationMs: 25, updateMs: 16 },
  { images: 50, stepMs: 150, dataWaitMs: 5, computeMs: 115, communicationMs: 13, updateMs: 14 },
]

describe('why DDP is not twice as fast', () => {
  const waterfall = explain({ ranks: ddpRanks, stragglerWaitMs: 6 })

  it('goes from half of the base step to the measured step', () => {
    expect(waterfall).toMatchObject({ idealMs: 100, measuredMs: 150 })
    expect(amounts(waterfall)).toEqual({
      'data-wait': 3 - 2,
      compute: 110 - 95,
      'straggler-wait': 6,
      'all-reduce': 19 - 6,
      update: 15,
      // 3 ms between the phases; the base has 6, its share is 3.
      unexplained: 0,
    })
  })

  it('says each as a share of the ideal', () => {
    expect(waterfall.bars.find(({ name }) => name === 'compute')?.shareOfIdeal).toBeCloseTo(0.15)
  })

  it('says what a bar contains that could not be told apart', () => {
    expect(titles(waterfall).compute).toBe(
      "Slower compute per image: smaller batches, shared memory bandwidth, lower clocks; Single's includes its update",
    )
    expect(titles(explain({ ranks: ddpRanks }))['all-reduce']).toBe(
      'All-reduce of the gradients, including the wait for slower ranks',
    )
    const inGraph = ddpRanks.map((rank) => ({ ...rank, communicationMs: 0, updateMs: 0 }))
    expect(Object.keys(amounts(explain({ ranks: inGraph })))).toEqual(['data-wait', 'compute', 'unexplained'])
    expect(titles(explain({ ranks: inGraph })).compute).toMatch(/; including the gradient exchange$/)
  })

  it('keeps gains with their sign and calls them that', () => {
    const quick = ddpRanks.map((rank) => ({ ...rank, computeMs: 80, dataWaitMs: 0, stepMs: 90 }))
    const { compute, 'data-wait': dataWait } = amounts(explain({ ranks: quick }))
    expect([compute, dataWait]).toEqual([-15, -2])
    expect(titles(explain({ ranks: quick })).compute).toMatch(/^Faster compute per image/)
    expect(titles(explain({ ranks: quick }))['data-wait']).toBe("Less waiting for data than Single's share")
  })

  it('leaves the slowest rank being slower than the mean one unexplained', () => {
    const [first, second] = ddpRanks as [MeanPhases, MeanPhases]
    const waterfall = explain({ ranks: [first, { ...second, stepMs: 154 }] })
    expect(waterfall.measuredMs).toBe(154)
    expect(amounts(waterfall).unexplained).toBeCloseTo(4)
  })
})

describe('why DP is not twice as fast', () => {
  const whole: MeanPhases = {
    images: 100,
    stepMs: 140,
    dataWaitMs: 2,
    computeMs: 136,
    communicationMs: 0,
    updateMs: 0,
  }

  it('names the parts of its one call where they are known', () => {
    const parts = { scatterMs: 3, replicateMs: 8, gatherMs: 2, reduceMs: 9 }
    const waterfall = explain({ strategy: 'dp', ranks: [{ ...whole, ...parts }] })
    expect(Object.keys(amounts(waterfall))).toEqual([
      'data-wait',
      'scatter',
      'replicate',
      'gather',
      'reduce',
      'compute',
      'unexplained',
    ])
    expect(amounts(waterfall)).toMatchObject({
      scatter: 3,
      replicate: 8,
      gather: 2,
      reduce: 9,
      compute: 136 - 22 - 95,
    })
  })

  it('leaves them in compute, and says so, where they are not', () => {
    const waterfall = explain({ strategy: 'dp', ranks: [whole] })
    expect(amounts(waterfall)).toEqual({ 'data-wait': 0, compute: 41, unexplained: -1 })
    expect(titles(waterfall).compute).toMatch(/; including scatter, replicate, gather and reduce$/)
  })
})

describe('any waterfall', () => {
  const ms = () => fc.double({ min: 0, max: 1000, noNaN: true })
  const optionalMs = () => fc.option(ms(), { nil: undefined })
  const required = {
    images: fc.integer({ min: 1, max: 1024 }),
    stepMs: fc.double({ min: 0.1, max: 5000, noNaN: true }),
    dataWaitMs: ms(),
    computeMs: ms(),
    communicationMs: ms(),
    updateMs: ms(),
  }
  const phases = () => fc.record(required)
  const dataParallelPhases = () =>
    fc
      .record({
        ...required,
        scatterMs: optionalMs(),
        replicateMs: optionalMs(),
        gatherMs: optionalMs(),
        reduceMs: optionalMs(),
      })
      .map(
        (all) =>
          Object.fromEntries(
            Object.entries(all).filter(([, value]) => value !== undefined),
          ) as unknown as MeanPhases,
      )
  const input = (): fc.Arbitrary<WaterfallInput> =>
    fc.record({
      strategy: fc.constantFrom('single', 'dp', 'ddp'),
      base: phases(),
      ranks: fc.array(dataParallelPhases(), { minLength: 1, maxLength: 4 }),
      devices: fc.integer({ min: 1, max: 16 }),
      stragglerWaitMs: fc.option(ms()),
      unit: fc.constantFrom('image', 'sample'),
    })

  it('adds up from the ideal to the measured', () => {
    fc.assert(
      fc.property(input(), (given) => {
        const { idealMs, measuredMs, bars } = explain(given)
        const sum = bars.reduce((total, { msPerStep }) => total + msPerStep, idealMs)
        const largest = Math.max(idealMs, measuredMs, ...bars.map(({ msPerStep }) => Math.abs(msPerStep)))
        expect(Math.abs(sum - measuredMs) / largest).toBeLessThan(1e-12)
      }),
    )
  })

  it('has an ideal of N times the base throughput', () => {
    fc.assert(
      fc.property(input(), (given) => {
        const images = given.ranks.reduce((sum, rank) => sum + rank.images, 0)
        const idealRate = images / explain(given).idealMs
        expect(idealRate / (given.devices * (given.base.images / given.base.stepMs))).toBeCloseTo(1, 9)
      }),
    )
  })

  it('has each bar once, its share in proportion, and the unexplained last', () => {
    fc.assert(
      fc.property(input(), (given) => {
        const { bars, idealMs } = explain(given)
        expect(new Set(bars.map(({ name }) => name)).size).toBe(bars.length)
        expect(bars.at(-1)?.name).toBe('unexplained')
        for (const { msPerStep, shareOfIdeal } of bars)
          expect(shareOfIdeal * idealMs).toBeCloseTo(msPerStep, 6)
      }),
    )
  })

  it('has nothing to explain where the strategy is the base on one device', () => {
    fc.assert(
      fc.property(phases(), (single) => {
        const alone = { ...single, communicationMs: 0 }
        const { bars } = explain({ strategy: 'single', base: alone, ranks: [alone], devices: 1 })
        for (const { msPerStep } of bars) expect(msPerStep).toBeCloseTo(0, 9)
      }),
    )
  })

  it('is not there without a rank or without images', () => {
    expect(
      explainStep({ strategy: 'ddp', base, ranks: [], devices: 2, stragglerWaitMs: null, unit: 'image' }),
    ).toBeNull()
  })
})
