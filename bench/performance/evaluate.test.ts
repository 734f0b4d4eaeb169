import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.js'
import type { BlockResult } from './results.js'
import type { Bar, Finding } from './suite.js'

const block = (index: number, samples: BlockResult['samples'], group = 'fp32'): BlockResult => ({
  group,
  index,
  order: Object.keys(samples),
  samples,
  failures: {},
})
const rates = (index: number, tandem: number, pytorch: number) =>
  block(index, { tandem: { imagesPerSecond: tandem }, pytorch: { imagesPerSecond: pytorch } })
const of = (caseId: string) => ({ caseId, figure: 'imagesPerSecond' })
const finding = (value: Finding['value'], bar: Bar | null = null): Finding => ({
  section: 'single',
  title: '',
  group: 'fp32',
  unit: 'ratio',
  bar,
  value,
})
const ratio = (bar: Bar | null = null) =>
  finding({ kind: 'ratio', over: of('tandem'), under: of('pytorch') }, bar)

describe('a ratio', () => {
  it('is that of medians over blocks, with an interval from the blocks', () => {
    const evaluation = evaluate(ratio(), [rates(0, 120, 100), rates(1, 126, 100), rates(2, 90, 75)])
    expect(evaluation.value).toBeCloseTo(1.2, 10)
    expect(evaluation.low).toBeLessThan(1.2)
    expect(evaluation.high).toBeGreaterThan(1.26)
    expect(evaluation.blocks).toBe(3)
  })

  it('does not see what slows both of a block', () => {
    const { low, high } = evaluate(ratio(), [rates(0, 120, 100), rates(1, 12, 10), rates(2, 60, 50)])
    expect(low).toBeCloseTo(1.2, 6)
    expect(high).toBeCloseTo(1.2, 6)
  })

  it('leaves out blocks in which one of them failed, and other groups', () => {
    const failed = block(1, { tandem: { imagesPerSecond: 1 } })
    const elsewhere = block(0, rates(0, 500, 1).samples, 'bf16')
    const { value, low, blocks } = evaluate(ratio(), [rates(0, 30, 20), failed, elsewhere])
    expect({ value, low, blocks }).toEqual({ value: 1.5, low: null, blocks: 1 })
  })

  it('is unknown, and has reached nothing, where nothing was measured', () => {
    const { value, reached } = evaluate(ratio({ atLeast: 1 }), [])
    expect({ value, reached }).toEqual({ value: null, reached: null })
  })
})

describe('a ratio to the best', () => {
  const value = {
    kind: 'ratio-to-best',
    over: of('tandem'),
    under: [of('pytorch'), of('compiled'), of('tuned')],
  } as const

  it('is over the one with the largest median, block by block', () => {
    const blocks = [0, 1, 2].map((index) =>
      block(index, {
        tandem: { imagesPerSecond: 150 },
        pytorch: { imagesPerSecond: 100 },
        compiled: { imagesPerSecond: index === 0 ? 200 : 120 },
      }),
    )
    expect(evaluate(finding(value), blocks)).toMatchObject({ value: 1.25, blocks: 3 })
  })

  it('is over those that finished, and unknown where none did', () => {
    expect(evaluate(finding(value), [rates(0, 30, 20)])).toMatchObject({ value: 1.5, blocks: 1 })
    expect(evaluate(finding(value), [block(0, { tandem: { imagesPerSecond: 1 } })])).toMatchObject({
      value: null,
    })
  })
})

describe('a figure', () => {
  it('is the median over blocks', () => {
    const value = { kind: 'figure', of: of('tandem') } as const
    const evaluation = evaluate(finding(value), [rates(0, 70, 1), rates(1, 60, 1), rates(2, 65, 1)])
    expect(evaluation.value).toBe(65)
    expect(evaluation.low).toBeLessThan(60)
  })
})

describe('a difference of ratios', () => {
  it('is taken block by block', () => {
    const value = {
      kind: 'difference',
      of: { over: of('tandem'), under: of('pytorch') },
      than: { over: of('pytorch'), under: of('tandem') },
    } as const
    const evaluation = evaluate(finding(value), [rates(0, 20, 10), rates(1, 40, 20)])
    expect(evaluation).toMatchObject({ value: 1.5, low: 1.5, high: 1.5, blocks: 2 })
  })
})

describe('a bar', () => {
  it('is reached at its value, from above or from below', () => {
    const reached = (bar: Bar) => evaluate(ratio(bar), [rates(0, 12, 10)]).reached
    expect([{ atLeast: 1.2 }, { atLeast: 1.21 }, { atMost: 1.2 }, { atMost: 1.19 }].map(reached)).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it('is in doubt while the interval holds it, and with one block', () => {
    const doubt = (limit: number, blocks: BlockResult[]) =>
      evaluate(ratio({ atLeast: limit }), blocks).inDoubt
    const blocks = [rates(0, 118, 100), rates(1, 120, 100), rates(2, 122, 100)]
    expect([1.1, 1.19, 1.21, 1.3].map((limit) => doubt(limit, blocks))).toEqual([false, true, true, false])
    expect(doubt(1.1, [rates(0, 12, 10)])).toBe(true)
  })
})
