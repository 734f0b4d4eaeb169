import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quickPreset } from '../../shared/presets.js'
import { planMeasurements } from './measurement-plan.js'
import {
  type Calibration,
  describeQuickPlan,
  type ExpectedCost,
  expectCosts,
  expectedMs,
  planQuick,
  type QuickBudget,
} from './quick-plan.js'

const cost = fc.record<ExpectedCost>({
  id: fc.constantFrom('single', 'single-all-cores', 'dp', 'ddp'),
  globalBatchSize: fc.integer({ min: 1, max: 512 }),
  fixedMs: fc.double({ min: 0, max: 20_000, noNaN: true }),
  imageMs: fc.double({ min: 0.01, max: 100, noNaN: true }),
})
const anyBudget = fc.record<QuickBudget>({
  costs: fc.array(cost, { minLength: 1, maxLength: 4 }),
  epochs: fc.integer({ min: 1, max: 5 }),
  budgetMs: fc.double({ min: -10_000, max: 60_000, noNaN: true }),
  trainSamples: fc.integer({ min: 1, max: 50_000 }),
  testSamples: fc.constantFrom(0, 400),
})

describe("quick's choice of samples", () => {
  it('keeps within the budget, unless even the smallest run does not', () => {
    fc.assert(
      fc.property(anyBudget, (budget) => {
        const plan = planQuick(budget)
        const smallest = planQuick({ ...budget, budgetMs: Number.NEGATIVE_INFINITY })
        expect(plan.expectedMs <= budget.budgetMs || plan.samplesPerEpoch === smallest.samplesPerEpoch).toBe(
          true,
        )
      }),
    )
  })

  it('gives every strategy a step or more, from the data set', () => {
    fc.assert(
      fc.property(anyBudget, (budget) => {
        const { samplesPerEpoch } = planQuick(budget)
        expect(samplesPerEpoch).toBeLessThanOrEqual(budget.trainSamples)
        const largestBatch = Math.max(...budget.costs.map(({ globalBatchSize }) => globalBatchSize))
        expect(samplesPerEpoch).toBeGreaterThanOrEqual(Math.min(largestBatch, budget.trainSamples))
      }),
    )
  })

  it('fills whole batches of every strategy where the data set has that many', () => {
    const batch = fc.integer({ min: 0, max: 9 }).map((power) => 2 ** power)
    const evenCost = fc.tuple(cost, batch).map(([one, globalBatchSize]) => ({ ...one, globalBatchSize }))
    const evenBudget = fc
      .tuple(
        anyBudget,
        fc.array(evenCost, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 512, max: 50_000 }),
      )
      .map(([budget, costs, trainSamples]): QuickBudget => ({ ...budget, costs, trainSamples }))
    fc.assert(
      fc.property(evenBudget, (budget) => {
        const { samplesPerEpoch } = planQuick(budget)
        for (const { globalBatchSize } of budget.costs) expect(samplesPerEpoch % globalBatchSize).toBe(0)
      }),
    )
  })

  it('uses what the budget allows: one batch more would exceed it or the data set', () => {
    fc.assert(
      fc.property(anyBudget, (budget) => {
        const one = { ...budget, costs: budget.costs.slice(0, 1) }
        const { samplesPerEpoch } = planQuick(one)
        const more = samplesPerEpoch + (one.costs[0]?.globalBatchSize as number)
        expect(more > one.trainSamples || expectedMs(one, more) > one.budgetMs).toBe(true)
      }),
    )
  })
})

describe('on machines as they are', () => {
  const cpu = (index: number, cores = [index]) => ({ kind: 'cpu' as const, index, description: '', cores })
  const devices = { devices: [cpu(0), cpu(1)], base: cpu(0), allCores: cpu(0, [0, 1]) }
  const plan = (backend: 'wasm' | 'tensorflow', calibration: Calibration) => {
    const costs = expectCosts(planMeasurements({ configuration: quickPreset, devices, backend }), calibration)
    const budget = { costs, epochs: 2, budgetMs: 45_000, trainSamples: 2_000, testSamples: 0 }
    return { ...planQuick(budget), costs }
  }

  it('trains three strategies on WebAssembly with some steps each', () => {
    const calibration = { startMs: 900, warmUpMs: 1_600, tuneMs: 0, stepMs: 1_280, endMs: 100, batchSize: 64 }
    const { samplesPerEpoch, costs } = plan('wasm', calibration)
    expect(costs.map(({ id }) => id)).toEqual(['single', 'dp', 'ddp'])
    expect(samplesPerEpoch).toBe(192)
    expect(describeQuickPlan({ samplesPerEpoch, expectedMs: 39_400 }, calibration, costs)).toBe(
      'quick: Single made 50 images/s in calibration, so each of 3 measurements trains on 192 images an epoch (expected: 39 s)',
    )
  })

  it('trains on the whole sample where the engine is fast enough', () => {
    const calibration = { startMs: 1_500, warmUpMs: 500, tuneMs: 0, stepMs: 20, endMs: 100, batchSize: 64 }
    expect(plan('tensorflow', calibration).samplesPerEpoch).toBe(1_984)
  })
})
