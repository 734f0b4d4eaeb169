import { describe, expect, it } from 'vitest'
import { planBlocks } from './block-plan.js'
import { pairTimes } from './pair-times.js'
import { pooledResidual } from './pooled-residual.js'
import { simulateRun, simulationRandom } from './simulated-run.fixture.js'
import { estimateSpeedup } from './speedup-estimate.js'

/** What pooling the residual of three or four blocks gains and costs. By seed, so figures repeat. */

const trueTimes = { single: 10, 'single-all-cores': 6.6, dp: 7, ddp: 5.8 }
const ids = Object.keys(trueTimes) as (keyof typeof trueTimes)[]
const runs = 10_000

type Noise = Record<keyof typeof trueTimes, number>

const alike = (noise: number): Noise => ({ single: noise, 'single-all-cores': noise, dp: noise, ddp: noise })
/** As in the example run: processes of DP and of all cores spread more. */
const unlike: Noise = { single: 0.03, 'single-all-cores': 0.07, dp: 0.07, ddp: 0.03 }

/** Of each strategy: the share of intervals that contain the truth, and their mean half width on a logarithmic scale. */
function coverage(blocks: number, noise: Noise, isPooled: boolean) {
  const compared = ids.filter((id) => id !== 'single')
  const found = compared.map((id) => ({ id, covered: 0, halfWidth: 0 }))
  for (let seed = 0; seed < runs; seed++) {
    const order = planBlocks(ids, blocks, seed)
    const run = simulateRun(order, trueTimes, { noise, drift: 0.05 }, simulationRandom(seed))
    const table = run.map((block) => ids.map((id) => block[id] as number))
    const pooled = isPooled ? pooledResidual(table) : null
    for (const strategy of found) {
      const estimate = estimateSpeedup(pairTimes(run, 'single', strategy.id), pooled)
      const [low, high] = [estimate?.low ?? 0, estimate?.high ?? 0]
      const truth = trueTimes.single / trueTimes[strategy.id]
      if (low <= truth && truth <= high) strategy.covered += 1 / runs
      strategy.halfWidth += Math.log(high / low) / 2 / runs
    }
  }
  return found
}

describe('the residual of a two-way layout', () => {
  it('is what means of rows and columns leave, worked out by hand', () => {
    // Logarithms 0, 1; 1, 4; 2, 3: means of rows 0.5, 2.5, 2.5, of columns 1 and 8/3.
    const times = [
      [0, 1],
      [1, 4],
      [2, 3],
    ].map((row) => row.map(Math.exp))
    const pooled = pooledResidual(times)
    expect(pooled?.degreesOfFreedom).toBe(2)
    expect((pooled?.deviation ?? 0) ** 2 * 2).toBeCloseTo(4 / 3, 9)
  })

  it('is that of the pairs where there is one strategy beside the base', () => {
    const times = [
      [10, 6],
      [11, 6.1],
      [10.5, 6.4],
    ]
    const pairs = times.map(([base, strategy]) => ({ base: base as number, strategy: strategy as number }))
    const own = estimateSpeedup(pairs)
    const pooled = estimateSpeedup(pairs, pooledResidual(times))
    expect(pooled?.standardError).toBeCloseTo(own?.standardError ?? 0, 12)
    expect(pooled?.degreesOfFreedom).toBe(own?.degreesOfFreedom)
  })

  it.each([1, 2, 5])('is not pooled over %i blocks', (blocks) => {
    expect(pooledResidual(Array.from({ length: blocks }, () => [1, 2, 3]))).toBeNull()
  })
})

describe.each([3, 4])('pooled over %i blocks of four strategies', (blocks) => {
  it.each([0.02, 0.03, 0.07])('contains the truth in 93 to 97 %% of runs where all vary by %d', (noise) => {
    for (const { covered } of coverage(blocks, alike(noise), true)) {
      expect(covered).toBeGreaterThan(0.93)
      expect(covered).toBeLessThan(0.97)
    }
  })

  it('is narrower than the interval of each pair by itself', () => {
    const own = coverage(blocks, alike(0.03), false)
    const pooled = coverage(blocks, alike(0.03), true)
    for (const [index, { halfWidth }] of pooled.entries()) {
      expect(halfWidth / (own[index]?.halfWidth ?? 0)).toBeLessThan(blocks === 3 ? 0.65 : 0.8)
    }
  })

  it('still contains it in 93 % and more where some vary by 3 % and others by 7 %', () => {
    for (const { covered } of coverage(blocks, unlike, true)) expect(covered).toBeGreaterThan(0.93)
  })

  it('in 86 % and more where it is the base and one strategy that vary most', () => {
    const noise: Noise = { single: 0.07, 'single-all-cores': 0.03, dp: 0.07, ddp: 0.03 }
    const found = coverage(blocks, noise, true)
    for (const { covered } of found) expect(covered).toBeGreaterThan(0.86)
  })
})
