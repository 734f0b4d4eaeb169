import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockBudgetMs } from '../../shared/run/quick-choices.js'
import {
  describeQuickPlan,
  type ExpectedCost,
  expectedMs,
  longestBlocksMs,
  oneBlockBudgetMs,
  planQuick,
  type QuickWish,
} from './quick-plan.js'

const cost = fc.record<ExpectedCost>({
  globalBatchSize: fc.integer({ min: 1, max: 512 }),
  fixedMs: fc.double({ min: 0, max: 20_000, noNaN: true }),
  imageMs: fc.double({ min: 0.01, max: 100, noNaN: true }),
})
const anyWish = fc.record<QuickWish>({
  costs: fc.array(cost, { minLength: 1, maxLength: 4 }),
  epochs: fc.integer({ min: 1, max: 5 }),
  repeats: fc.integer({ min: 1, max: 10 }),
  mayReduceRepeats: fc.boolean(),
  testSamples: fc.constantFrom(0, 400),
})

describe("quick's choice of work", () => {
  it('makes at least 20 steps and trains for 2 s in each measurement', () => {
    fc.assert(
      fc.property(anyWish, (wish) => {
        const { samplesPerEpoch } = planQuick(wish)
        for (const { globalBatchSize, imageMs } of wish.costs) {
          expect(wish.epochs * Math.ceil(samplesPerEpoch / globalBatchSize)).toBeGreaterThanOrEqual(20)
          expect(wish.epochs * samplesPerEpoch * imageMs).toBeGreaterThanOrEqual(2_000)
        }
      }),
    )
  })

  it('uses the budget, and exceeds it only where the least takes longer', () => {
    fc.assert(
      fc.property(anyWish, (wish) => {
        const { samplesPerEpoch, repeats, expectedMs: promised } = planQuick(wish)
        const budgetMs = repeats === 1 ? oneBlockBudgetMs : repeats * blockBudgetMs
        const least = planQuick({ ...wish, costs: wish.costs.map((one) => ({ ...one, fixedMs: 1e9 })) })
        expect(promised <= budgetMs * (1 + 1e-9) || samplesPerEpoch === least.samplesPerEpoch).toBe(true)
        // Batches of four times the largest are the coarsest unit.
        const unit = 4 * Math.max(...wish.costs.map(({ globalBatchSize }) => globalBatchSize))
        expect(expectedMs(wish, samplesPerEpoch + unit, repeats)).toBeGreaterThan(budgetMs * 0.999)
      }),
    )
  })

  it('has one block only where several would take over two minutes, and nobody asked for them', () => {
    fc.assert(
      fc.property(anyWish, (wish) => {
        const { repeats, allBlocksMs } = planQuick(wish)
        const isReduced = repeats < wish.repeats
        expect(repeats === wish.repeats || repeats === 1).toBe(true)
        expect(isReduced).toBe(allBlocksMs !== null)
        if (isReduced) {
          expect(wish.mayReduceRepeats).toBe(true)
          expect(allBlocksMs).toBeGreaterThan(longestBlocksMs)
        }
      }),
    )
  })

  it('fills whole batches of every strategy where these have a small multiple in common', () => {
    const batch = fc.constantFrom(16, 32, 64)
    const even = fc.tuple(cost, batch).map(([one, globalBatchSize]) => ({ ...one, globalBatchSize }))
    fc.assert(
      fc.property(anyWish, fc.array(even, { minLength: 1, maxLength: 4 }), (wish, costs) => {
        const { samplesPerEpoch } = planQuick({ ...wish, costs })
        for (const { globalBatchSize } of costs) expect(samplesPerEpoch % globalBatchSize).toBe(0)
      }),
    )
  })
})

describe('on machines as they are', () => {
  const wishOf = (costs: ExpectedCost[]): QuickWish => ({
    costs,
    epochs: 2,
    repeats: 3,
    mayReduceRepeats: true,
    testSamples: 0,
  })
  const say = (wish: QuickWish): string => describeQuickPlan(planQuick(wish), wish)

  it('measures three blocks on two cores with TensorFlow', () => {
    const costs = [2.4, 1.5, 1.6, 1.5].map((imageMs) => ({ globalBatchSize: 64, fixedMs: 2_600, imageMs }))
    expect(say(wishOf(costs))).toBe(
      'quick: takes about 63 s here; 3 blocks of 4 measurements, 768 images an epoch, 24 steps a measurement',
    )
  })

  it('measures one block on WebAssembly, and says that there is no interval', () => {
    const costs = [35, 32, 30].map((imageMs) => ({ globalBatchSize: 16, fixedMs: 5_000, imageMs }))
    expect(say(wishOf(costs))).toBe(
      'quick: takes about 49 s here; one repeat: no interval (more would take 2 min). 3 measurements, 176 images an epoch, 22 steps a measurement',
    )
  })

  it('goes through the pictures as often as steps need on GPUs', () => {
    const costs = [0.05, 0.03, 0.03].map((imageMs, index) => ({
      globalBatchSize: index === 0 ? 1_024 : 2_048,
      fixedMs: 3_000,
      imageMs,
    }))
    const { samplesPerEpoch, expectedMs: promised } = planQuick(wishOf(costs))
    expect(samplesPerEpoch).toBeGreaterThan(30_000)
    expect(promised).toBeGreaterThan(55_000)
    expect(promised).toBeLessThanOrEqual(60_000)
  })
})
