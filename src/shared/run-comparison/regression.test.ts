import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRuns } from './compare-runs.js'
import { measuredAt, type Rates, runAt } from './compared-run.fixture.js'
import { checkRegression } from './regression.js'
import { regressionLines } from './regression-text.js'

const steady = (rate: number, spread = 0.005): number[] =>
  [1 - spread, 1, 1 + spread].map((factor) => factor * rate)

const check = (base: Rates, other: Rates, limit = 0.05) =>
  checkRegression(compareRuns([runAt(base), runAt(other)]), limit)

describe('a regression', () => {
  it('is one only where the whole interval lies beyond the limit', () => {
    expect(check({ ddp: steady(1000) }, { ddp: steady(900) })).toMatchObject({ outcome: 'regression' })
    expect(check({ ddp: steady(1000) }, { ddp: steady(945) })).toMatchObject({
      outcome: 'passed',
      strategies: [{ outcome: 'possible' }],
    })
    expect(check({ ddp: steady(1000) }, { ddp: steady(900, 0.1) })).toMatchObject({ outcome: 'passed' })
    expect(check({ ddp: steady(1000) }, { ddp: steady(960) })).toMatchObject({
      outcome: 'passed',
      strategies: [{ outcome: 'within' }],
    })
    expect(check({ ddp: steady(1000) }, { ddp: steady(2000) }).outcome).toBe('passed')
  })

  it('is looked for in every strategy', () => {
    const { outcome, strategies } = check(
      { single: steady(500), ddp: steady(1000) },
      { single: steady(500), ddp: steady(900) },
    )
    expect(outcome).toBe('regression')
    expect(strategies.map((strategy) => strategy.outcome)).toEqual(['within', 'regression'])
  })

  it('is a plain comparison with one repeat, and says so', () => {
    const slower = check({ ddp: [1000] }, { ddp: [940] })
    expect(regressionLines(slower)).toEqual([
      'Limit of 5 %: regression of DDP',
      'DDP: slower by more than the limit in a plain comparison of what was measured: one repeat, no interval',
    ])
    expect(regressionLines(check({ ddp: [1000] }, { ddp: [960] }))).toEqual([
      'Limit of 5 %: no regression beyond it',
      'DDP: within the limit in a plain comparison: one repeat, no interval',
    ])
  })

  it('cannot be excluded where a strategy failed, or is not comparable', () => {
    const failed = runAt({}, { measurements: [measuredAt('ddp', 0, 900, { status: 'failed' })] })
    const ofFailed = checkRegression(compareRuns([runAt({ ddp: [1000] }), failed]), 0.05)
    expect(ofFailed.outcome).toBe('not-compared')
    expect(regressionLines(ofFailed)).toEqual(['Limit of 5 %: DDP could not be compared'])

    const mixed = runAt({ ddp: [1000] }, { configuration: { precision: 'mixed' } })
    expect(checkRegression(compareRuns([runAt({ ddp: [1000] }), mixed]), 0.05).outcome).toBe('not-compared')
    expect(regressionLines(check({}, {}))).toEqual(['Limit of 5 %: nothing to compare with it'])
  })

  it('is not looked for in what the second run was not to measure, or the first did not', () => {
    expect(check({ single: [500], ddp: [900] }, { single: [500] })).toMatchObject({
      outcome: 'passed',
      strategies: [{ id: 'single' }],
    })
    expect(check({ single: [500] }, { single: [500], ddp: [900] })).toMatchObject({
      outcome: 'passed',
      strategies: [{ id: 'single' }],
    })
  })

  it('is never certain within a limit and not within a wider one', () => {
    const rates = fc.array(fc.double({ min: 800, max: 1000, noNaN: true }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(
        rates,
        rates,
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (base, other, one, two) => {
          const [narrow, wide] = [Math.min(one, two), Math.max(one, two)]
          const fails = (limit: number): boolean =>
            check({ ddp: base }, { ddp: other }, limit).outcome === 'regression'
          if (fails(wide)) expect(fails(narrow)).toBe(true)
        },
      ),
    )
  })
})
