import { describe, expect, it } from 'vitest'
import type { Evaluation } from './evaluate.js'
import { drawChart } from './report-chart.js'
import type { Finding } from './suite.js'

const finding: Finding = {
  section: 'single',
  title: 'fp32 <tuned>: Tandem over PyTorch',
  group: 'fp32',
  unit: 'ratio',
  bar: { atLeast: 1.05 },
  value: { kind: 'figure', of: { caseId: '', figure: '' } },
}
const row = (value: number, reached: boolean | null = true): Evaluation => ({
  finding,
  value,
  low: value / 1.02,
  high: value * 1.02,
  blocks: 5,
  reached,
  inDoubt: false,
})
const centres = (svg: string) => [...svg.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x))

describe('the chart', () => {
  it('has a dot for each ratio, further right where it is larger', () => {
    const [half, one, four] = centres(drawChart([row(0.5), row(1), row(4)])) as [number, number, number]
    expect(half).toBeLessThan(one)
    // Doubling twice is twice the way of doubling once.
    expect((four - one) / (one - half)).toBeCloseTo(2, 1)
  })

  it('is well-formed whatever titles hold', () => {
    expect(drawChart([row(1)])).toContain('fp32 &lt;tuned>')
  })

  it('leaves out what is no ratio, and is nothing without one', () => {
    const share = { ...row(0.9), finding: { ...finding, unit: 'share' as const } }
    expect(centres(drawChart([row(2), share]))).toHaveLength(1)
    expect(drawChart([share])).toBe('')
  })

  it('colours a bar that was missed unlike one that was reached', () => {
    const colour = (reached: boolean) => /<circle[^>]*fill="([^"]+)"/.exec(drawChart([row(1, reached)]))?.[1]
    expect(colour(true)).not.toBe(colour(false))
  })
})
