import { describe, expect, it } from 'vitest'
import { planBlocks } from './block-plan.js'
import { mean } from './means.js'
import { type BlockTimes, pairTimes } from './pair-times.js'
import { estimateRatio } from './ratio-estimate.js'
import { type Machine, simulateRun, simulationRandom } from './simulated-run.fixture.js'
import { estimateSpeedup, type SpeedupEstimate } from './speedup-estimate.js'
import { decideStopping, type StoppingRule, standardStoppingRule } from './stopping-rule.js'
import { equivalenceMargin, judge, type VerdictKind } from './verdict.js'

/** How often what Tandem says is true, in runs whose truth is known. Everything is by seed, so figures repeat. */

const trueTimes = { single: 10, dp: 7, ddp: 5.8 }
const trueSpeedup = trueTimes.single / trueTimes.ddp
const ids = Object.keys(trueTimes)
const runs = 5_000

interface Interval {
  low: number
  high: number
}

/** The share of runs whose interval contains the true speedup, and how far intervals reach on a logarithmic scale. */
function coverage(intervalOf: (seed: number) => Interval): { covered: number; halfWidth: number } {
  const intervals = Array.from({ length: runs }, (_, seed) => intervalOf(seed))
  const covering = intervals.filter(({ low, high }) => low <= trueSpeedup && trueSpeedup <= high)
  const halfWidths = intervals.map(({ low, high }) => Math.log(high / low) / 2)
  return { covered: covering.length / runs, halfWidth: mean(halfWidths) as number }
}

function estimate(run: readonly BlockTimes<string>[], id = 'ddp'): SpeedupEstimate {
  return estimateSpeedup(pairTimes(run, 'single', id)) as SpeedupEstimate
}

function paired(run: readonly BlockTimes<string>[]): Interval {
  return estimate(run) as Interval
}

/** What one would compute without regard to blocks: Welch's interval, as between two runs. */
function unpaired(run: readonly BlockTimes<string>[]): Interval {
  const rates = (id: string): number[] =>
    run.flatMap((block) => (typeof block[id] === 'number' ? [1 / block[id]] : []))
  return estimateRatio(rates('single'), rates('ddp')) as Interval
}

const inBlocks = (blocks: number, machine: Machine) => (seed: number) =>
  simulateRun(planBlocks(ids, blocks, seed), trueTimes, machine, simulationRandom(seed))

/** All repeats of one strategy, then all of the next. */
const oneAfterTheOther = (repeats: number, machine: Machine) => (seed: number) => {
  const order = ids.flatMap((id) => Array.from({ length: repeats }, () => [id]))
  return simulateRun(order, trueTimes, machine, simulationRandom(seed))
}

describe('the 95 % interval, on a machine that gets 5 % slower during the run', () => {
  it.each([3, 5, 10].flatMap((blocks) => [0.02, 0.025, 0.03].map((noise) => ({ blocks, noise }))))(
    'contains the truth in 93 to 97 % of runs: $blocks blocks, noise $noise',
    ({ blocks, noise }) => {
      const measure = inBlocks(blocks, { noise, drift: 0.05 })
      const { covered } = coverage((seed) => paired(measure(seed)))
      expect(covered).toBeGreaterThan(0.93)
      expect(covered).toBeLessThan(0.97)
    },
  )
})

describe('why pairs', () => {
  it.each([
    { blocks: 3, drift: 0.05, atLeast: 1.02 },
    { blocks: 5, drift: 0.05, atLeast: 1.1 },
    { blocks: 10, drift: 0.05, atLeast: 1.15 },
    { blocks: 3, drift: 0.2, atLeast: 1.8 },
    { blocks: 10, drift: 0.2, atLeast: 2 },
  ])(
    'an unpaired interval takes drift for noise: $blocks blocks, drift $drift',
    ({ blocks, drift, atLeast }) => {
      const measure = inBlocks(blocks, { noise: 0.02, drift })
      const pairs = coverage((seed) => paired(measure(seed)))
      const groups = coverage((seed) => unpaired(measure(seed)))
      // It is wider and no longer a 95 % interval: it would leave differences undecided that are there.
      expect(groups.halfWidth / pairs.halfWidth).toBeGreaterThan(atLeast)
      expect(groups.covered).toBeGreaterThan(0.98)
    },
  )

  it('on a steady machine they cost some width, least where there are many blocks', () => {
    const widening = [3, 5, 10].map((blocks) => {
      const measure = inBlocks(blocks, { noise: 0.02, drift: 0 })
      const pairs = coverage((seed) => paired(measure(seed)))
      return pairs.halfWidth / coverage((seed) => unpaired(measure(seed))).halfWidth
    }) as [number, number, number]
    expect(widening[0]).toBeLessThan(1.35)
    expect(widening[1]).toBeLessThan(widening[0])
    expect(widening[2]).toBeLessThan(1.08)
  })
})

describe('why blocks', () => {
  it('one strategy after the other, drift becomes a difference that more repeats only make more certain', () => {
    const [few, many] = [3, 10].map((repeats) => {
      const measure = oneAfterTheOther(repeats, { noise: 0.02, drift: 0.05 })
      return coverage((seed) => unpaired(measure(seed))).covered
    }) as [number, number]
    expect(few).toBeLessThan(0.75)
    expect(many).toBeLessThan(0.1)
  })
})

describe('verdicts on three strategies', () => {
  /** The share of runs in which one of the strategies gets one of these verdicts. */
  function share(secondsOfEach: number, wanted: readonly VerdictKind[], alone = false): number {
    const times = { single: 10, a: secondsOfEach, b: secondsOfEach, c: secondsOfEach }
    const wantedRuns = Array.from({ length: runs }, (_, seed) => {
      const order = planBlocks(Object.keys(times), 5, seed)
      const run = simulateRun(order, times, { noise: 0.01, drift: 0.05 }, simulationRandom(seed))
      const estimates = ['a', 'b', 'c'].map((id) => estimate(run, id))
      const verdicts = alone ? estimates.flatMap((each) => judge([each])) : judge(estimates)
      return verdicts.some(({ kind }) => wanted.includes(kind))
    })
    return wantedRuns.filter(Boolean).length / runs
  }

  it('name a difference that is not there in no more than 5 % of runs, unlike verdicts on each alone', () => {
    // The simulation itself is good to 0.3 % (one standard deviation).
    expect(share(10, ['faster', 'slower'])).toBeLessThan(0.06)
    expect(share(10, ['faster', 'slower'], true)).toBeGreaterThan(0.1)
  })

  it('call those the same that differ by just more than the margin in at most 2.5 % of runs', () => {
    expect(share(10 * (1 + equivalenceMargin), ['same'])).toBeLessThan(0.025)
    expect(share(10, ['same'])).toBeGreaterThan(0.1)
  })
})

describe('the price of repeating until the interval is narrow enough', () => {
  function stoppedCoverage(rule: StoppingRule, strategies: string[], noise: number): number {
    const measure = inBlocks(rule.maximumBlocks, { noise, drift: 0.05 })
    return coverage((seed) => {
      const run = measure(seed)
      for (let blocks = rule.minimumBlocks; ; blocks++) {
        const measured = run.slice(0, blocks)
        const estimates = strategies.map((id) => estimate(measured, id))
        if (!decideStopping(estimates, blocks, rule).goOn) return paired(measured)
      }
    }).covered
  }

  it.each([0.005, 0.01, 0.02, 0.025, 0.04].map((noise) => ({ noise })))(
    'is small: noise $noise',
    ({ noise }) => {
      const covered = stoppedCoverage(standardStoppingRule, ['ddp'], noise)
      expect(covered).toBeGreaterThan(0.89)
      expect(covered).toBeLessThan(0.97)
    },
  )

  it('is there where noise is 2 %, least with two strategies or with a higher minimum', () => {
    const one = stoppedCoverage(standardStoppingRule, ['ddp'], 0.02)
    expect(one).toBeLessThan(0.92)
    expect(stoppedCoverage(standardStoppingRule, ['dp', 'ddp'], 0.02)).toBeGreaterThan(one + 0.02)
    expect(stoppedCoverage({ ...standardStoppingRule, minimumBlocks: 5 }, ['ddp'], 0.02)).toBeGreaterThan(
      one + 0.01,
    )
  })
})
