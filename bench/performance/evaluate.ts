import { mean, standardDeviation } from '../../src/shared/statistics/means.js'
import { median } from '../../src/shared/statistics/quantiles.js'
import { confidence, estimateSpeedup } from '../../src/shared/statistics/speedup-estimate.js'
import { studentTQuantile } from '../../src/shared/statistics/student-t.js'
import type { BlockResult } from './results.js'
import type { Bar, FigureOf, Finding, Ratio } from './suite.js'

/** A finding with its figures. */
export interface Evaluation {
  finding: Finding
  /** Of medians over blocks; null where no block has what it takes. */
  value: number | null
  /** The ends of the 95 % interval, by the t method over blocks; null with fewer than two. */
  low: number | null
  high: number | null
  blocks: number
  /** By `value` alone; null without a bar or a value. */
  reached: boolean | null
  /** Whether the other answer is possible too: the bar lies within the interval, or there is none. */
  inDoubt: boolean
}

/** Figures and ratios on logarithms, as speedups are; differences as they are. */
export function evaluate(finding: Finding, all: readonly BlockResult[]): Evaluation {
  const blocks = all.filter(({ group }) => group === finding.group)
  const estimate = estimateOf(finding.value, blocks)
  const { bar } = finding
  if (bar === null || estimate.value === null) return { finding, ...estimate, reached: null, inDoubt: false }
  return { finding, ...estimate, reached: reaches(estimate.value, bar), inDoubt: leavesDoubt(estimate, bar) }
}

type Estimate = Pick<Evaluation, 'value' | 'low' | 'high' | 'blocks'>

function estimateOf(value: Finding['value'], blocks: readonly BlockResult[]): Estimate {
  switch (value.kind) {
    case 'figure':
      return estimateRatio(figures(blocks, value.of).map((over) => ({ over, under: 1 })))
    case 'ratio':
      return estimateRatio(pairs(blocks, value))
    case 'ratio-to-best': {
      const best = bestOf(blocks, value.under)
      return best === null ? noEstimate : estimateRatio(pairs(blocks, { over: value.over, under: best }))
    }
    case 'difference':
      return estimateDifference(blocks, value.of, value.than)
  }
}

const noEstimate: Estimate = { value: null, low: null, high: null, blocks: 0 }

/** The figure whose median over blocks is the largest; null where none was measured. */
export function bestOf(blocks: readonly BlockResult[], candidates: readonly FigureOf[]): FigureOf | null {
  let best: { candidate: FigureOf; value: number } | null = null
  for (const candidate of candidates) {
    const value = median(figures(blocks, candidate))
    if (value !== null && (best === null || value > best.value)) best = { candidate, value }
  }
  return best?.candidate ?? null
}

interface Pair {
  over: number
  under: number
}

function estimateRatio(measured: readonly Pair[]): Estimate {
  const estimate = estimateSpeedup(measured.map(({ over, under }) => ({ base: over, strategy: under })))
  return {
    value: ratioOfMedians(measured),
    low: estimate?.low ?? null,
    high: estimate?.high ?? null,
    blocks: measured.length,
  }
}

function estimateDifference(blocks: readonly BlockResult[], of: Ratio, than: Ratio): Estimate {
  const complete = blocks.filter(
    (block) => pairs([block], of).length === 1 && pairs([block], than).length === 1,
  )
  const [larger, smaller] = [pairs(complete, of), pairs(complete, than)]
  const differences = larger.map(({ over, under }, index) => {
    const other = smaller[index] as Pair
    return over / under - other.over / other.under
  })
  const [centre, spread] = [mean(differences), standardDeviation(differences)]
  const [first, second] = [ratioOfMedians(larger), ratioOfMedians(smaller)]
  const value = first === null || second === null ? null : first - second
  if (centre === null || spread === null) return { value, low: null, high: null, blocks: complete.length }
  const halfWidth =
    (studentTQuantile((1 + confidence) / 2, complete.length - 1) * spread) / Math.sqrt(complete.length)
  return { value, low: centre - halfWidth, high: centre + halfWidth, blocks: complete.length }
}

function ratioOfMedians(measured: readonly Pair[]): number | null {
  const [over, under] = [
    median(measured.map((pair) => pair.over)),
    median(measured.map((pair) => pair.under)),
  ]
  return over === null || under === null ? null : over / under
}

/** Of the blocks that have both. */
function pairs(blocks: readonly BlockResult[], { over, under }: Ratio): Pair[] {
  return blocks.flatMap((block) => {
    const [first] = figures([block], over)
    const [second] = figures([block], under)
    return first === undefined || second === undefined ? [] : [{ over: first, under: second }]
  })
}

/** What a case measured, block after block; blocks in which it failed are left out. */
export function figures(blocks: readonly BlockResult[], { caseId, figure }: FigureOf): number[] {
  return blocks.flatMap(({ samples }) => samples[caseId]?.[figure] ?? [])
}

function leavesDoubt({ low, high }: Estimate, bar: Bar): boolean {
  if (low === null || high === null) return true
  return reaches(low, bar) !== reaches(high, bar)
}

function reaches(value: number, bar: Bar): boolean {
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost
}
