import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateSpeedup, type SpeedupEstimate } from './speedup-estimate.js'
import { equivalenceMargin, judge } from './verdict.js'

/** An estimate from blocks with these speedups. */
function from(...speedups: number[]): SpeedupEstimate {
  const estimate = estimateSpeedup(speedups.map((speedup) => ({ base: speedup, strategy: 1 })))
  if (estimate === null) throw new Error('no block')
  return estimate
}

const verdictOn = (...speedups: number[]) => judge([from(...speedups)])[0]
const speedups = (minLength: number) =>
  fc.array(fc.double({ min: 0.9, max: 1.12, noNaN: true }), { minLength, maxLength: 8 })

describe('the verdict on a strategy', () => {
  it.each([
    ['faster', [1.7, 1.72, 1.69]],
    ['slower', [0.8, 0.83, 0.81]],
    ['same', [0.999, 1.002, 1.0]],
    ['undecided', [0.95, 1.2, 1.1]],
    ['one-repeat', [1.7]],
  ])('is %s for blocks with speedups %j', (kind, blocks) => {
    expect(verdictOn(...blocks)?.kind).toBe(kind)
  })

  it('is faster even where it is by too little to matter, and says that too', () => {
    expect(verdictOn(1.005, 1.006, 1.0055, 1.005)).toMatchObject({ kind: 'faster', withinMargin: true })
    expect(verdictOn(1.7, 1.72, 1.69)).toMatchObject({ kind: 'faster', withinMargin: false })
  })

  it('is faster or slower exactly where the interval excludes 1, and the same only where it is within the margin', () => {
    fc.assert(
      fc.property(speedups(2), (blocks) => {
        const estimate = from(...blocks)
        const [verdict] = judge([estimate])
        const [low, high] = [estimate.low as number, estimate.high as number]
        const ends = [1, 1 + equivalenceMargin, 1 / (1 + equivalenceMargin)]
        fc.pre(ends.every((end) => Math.abs(low - end) > 1e-6 && Math.abs(high - end) > 1e-6))
        const within = high < 1 + equivalenceMargin && low > 1 / (1 + equivalenceMargin)
        const expected = low > 1 ? 'faster' : high < 1 ? 'slower' : within ? 'same' : 'undecided'
        expect(verdict).toMatchObject({ kind: expected, withinMargin: within })
      }),
    )
  })

  it('turns round when base and strategy are swapped', () => {
    const swapped = { faster: 'slower', slower: 'faster' } as Record<string, string>
    fc.assert(
      fc.property(speedups(2), (blocks) => {
        const [verdict] = judge([from(...blocks)])
        const [other] = judge([from(...blocks.map((speedup) => 1 / speedup))])
        fc.pre(Math.abs((verdict?.adjustedPValue as number) - 0.05) > 1e-6)
        expect(other?.kind).toBe(swapped[verdict?.kind as string] ?? verdict?.kind)
      }),
    )
  })
})

describe('verdicts on several strategies', () => {
  // p is 0.03 alone.
  const borderline = from(1.02, 1.05, 1.03, 1.0, 1.04)
  const clear = from(1.7, 1.72, 1.69, 1.71, 1.7)

  it('ask for more certainty the more of them there are', () => {
    expect(judge([borderline])[0]?.kind).toBe('faster')
    expect(judge([borderline, from(0.99, 1.02, 1.01), from(0.98, 1.03, 1.0)])[0]?.kind).toBe('undecided')
  })

  it('do not count those that were found already, as Holm has it, nor those with one repeat', () => {
    expect(judge([borderline, clear]).map(({ kind }) => kind)).toEqual(['faster', 'faster'])
    const [first, second] = judge([borderline, from(3)])
    expect(first).toMatchObject({ kind: 'faster', comparisons: 1 })
    expect(second).toEqual({ kind: 'one-repeat', withinMargin: false, adjustedPValue: null, comparisons: 1 })
  })

  it('are never bolder than the verdict on each alone', () => {
    fc.assert(
      fc.property(fc.array(speedups(1), { minLength: 1, maxLength: 4 }), (all) => {
        const estimates = all.map((blocks) => from(...blocks))
        for (const [index, verdict] of judge(estimates).entries()) {
          const [alone] = judge([estimates[index] as SpeedupEstimate])
          const weaker = alone?.withinMargin ? [alone.kind, 'same', 'undecided'] : [alone?.kind, 'undecided']
          expect(weaker).toContain(verdict.kind)
        }
      }),
    )
  })

  it('come in the order of the strategies', () => {
    const kinds = judge([clear, from(2), from(0.8, 0.8, 0.81)]).map(({ kind }) => kind)
    expect(kinds).toEqual(['faster', 'one-repeat', 'slower'])
  })
})
