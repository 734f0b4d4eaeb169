import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../shared/run-comparison/compare-runs.js'
import { runAt } from '../../../shared/run-comparison/compared-run.fixture.js'
import { ratioScale } from './ratio-scale.js'

const rates = () => fc.array(fc.double({ min: 1, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 4 })

describe('the scale of ratios', () => {
  it('has 1 in the middle, and opposite changes as far from it', () => {
    const scale = ratioScale(compareRuns([runAt({ ddp: [500] }), runAt({ ddp: [600] })]))
    expect(scale(1)).toBe(50)
    expect(scale(2) - 50).toBeCloseTo(50 - scale(0.5))
    expect(scale(1.2)).toBeGreaterThan(90)
  })

  it('shows every ratio and the ends of its interval', () => {
    fc.assert(
      fc.property(rates(), rates(), rates(), (base, other, third) => {
        const comparison = compareRuns([base, other, third].map((ddp) => runAt({ ddp })))
        const scale = ratioScale(comparison)
        for (const change of comparison.strategies.flatMap(({ changes }) => changes)) {
          if (change.kind === 'missing') throw new Error('all were measured')
          const { ratio, low, high } = change.estimate
          for (const at of [ratio, low ?? ratio, high ?? ratio].map(scale)) {
            expect(at).toBeGreaterThanOrEqual(0)
            expect(at).toBeLessThanOrEqual(100)
          }
        }
      }),
    )
  })

  it('does not blow up what is nothing', () => {
    const scale = ratioScale(compareRuns([runAt({ ddp: [500] }), runAt({ ddp: [500.1] })]))
    expect(Math.abs(scale(1.0002) - 50)).toBeLessThan(1)
  })
})
