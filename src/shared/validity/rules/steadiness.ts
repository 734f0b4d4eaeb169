import type { MeasurementSummary } from '../../results/results.js'
import type { StrategyResult } from '../../results/strategy-results.js'
import { imagesPerSecond } from '../../results/summary.js'
import { trainedUnits } from '../../run/trained-unit.js'
import { median } from '../../statistics/quantiles.js'
import { commonSlopeTest, slopeTest } from '../../statistics/slope-test.js'
import { formatList, formatPercent, formatQuantity } from '../../text/format.js'
import type { Finding } from '../finding.js'
import type { Rule } from '../judged-run.js'
import { worstRepeats } from '../worst-repeats.js'

/**
 * Steps that a measurement must have. The first one is slower, by 10 % on average, and others vary by 3 to 6 % on a quiet
 * machine: the mean of 20 was within 1 % of that of 32.
 */
export const leastSteps = 20

/** Seconds that it must have trained: a sampler that looks four times a second sees little of less. */
export const leastSeconds = 1

/** How much slower than later ones the first epoch may be. On a quiet machine it was within 4 %. */
export const firstEpochLimit = 0.1

/** How much faster or slower a strategy may get from the first block to the last, if it does so surely. */
export const driftLimit = 0.05

/** Blocks that a drift of one strategy is looked for in, and of all together; and how improbable it must be by chance. */
export const leastBlocksForDrift = 4
export const leastBlocksForCommonDrift = 3
export const driftPValue = 0.01

/** Too few steps, or too short a time, for the pace that a longer training would have. */
export const fewSteps: Rule = ({ results }) => {
  const counted = results.flatMap(({ id, title, repeats }) => {
    const ended = repeats.filter(hasEnded)
    const steps = Math.min(...ended.map(stepsOf))
    const seconds = Math.min(...ended.map(secondsOf))
    return ended.length === 0 || (steps >= leastSteps && seconds >= leastSeconds)
      ? []
      : [{ id, title, steps, seconds }]
  })
  if (counted.length === 0) return []
  const steps = Math.min(...counted.map((one) => one.steps))
  const seconds = Math.min(...counted.map((one) => one.seconds))
  const unit = results[0]?.unit ?? 'image'
  const message = `${formatList(counted.map(({ title }) => title))} made only ${formatQuantity(steps, 'step')} in ${seconds.toFixed(1)} s, too few for a steady pace (${leastSteps} steps and ${leastSeconds} s are needed). ${trainedUnits[unit].morePerMeasurement}`
  return [{ code: 'few-steps', severity: 'unreliable', strategies: counted.map(({ id }) => id), message }]
}

/** Something was still warming up: a cache, a clock, a disk that is read for the first time. */
export const slowFirstEpoch: Rule = (run) => {
  const found = worstRepeats(run, slowdownOfFirst, firstEpochLimit)
  if (found === null) return []
  const message = `The first epoch was up to ${formatPercent(found.worst)} slower than later ones in ${found.where}. With more epochs it weighs less.`
  return [{ code: 'slow-first-epoch', severity: 'warning', strategies: found.strategies, message }]
}

/** A machine that changes over a run. Pairs within blocks cancel most of it, so an answer survives; single figures do not. */
export const drift: Rule = ({ results }) => {
  const all = commonDrift(results)
  if (all !== null) {
    const message = `From the first block to the last, everything became ${formatPercent(Math.abs(all))} ${all < 0 ? 'slower' : 'faster'}, and nothing that Tandem counts explains it. Blocks keep that out of speedups, but not out of throughput. Let the machine settle, or cool down, before a run.`
    return [{ code: 'drift', severity: 'warning', strategies: [], message }]
  }
  const drifting = results.flatMap(({ id, title, repeats }) => {
    const points = logPaces(repeats)
    const test = points.length < leastBlocksForDrift ? null : slopeTest(points)
    if (test === null || test.pValue > driftPValue) return []
    const change = Math.expm1(test.slope * ((points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0)))
    return Math.abs(change) > driftLimit ? [{ id, title, change }] : []
  })
  return drifting.length === 0 ? [] : [describeDrift(drifting)]
}

/** The change of pace from the first block to the last that all strategies share; null where there is none, or a small one. */
function commonDrift(results: readonly StrategyResult[]): number | null {
  const groups = results.map(({ repeats }) => logPaces(repeats))
  const blocks = [...new Set(groups.flat().map(({ x }) => x))]
  if (blocks.length < leastBlocksForCommonDrift || groups.filter(({ length }) => length > 1).length < 2)
    return null
  const test = commonSlopeTest(groups)
  if (test === null || test.pValue > driftPValue) return null
  const change = Math.expm1(test.slope * (Math.max(...blocks) - Math.min(...blocks)))
  return Math.abs(change) > driftLimit ? change : null
}

function logPaces(repeats: readonly MeasurementSummary[]): { x: number; y: number }[] {
  return repeats.flatMap(({ block, epochs }) => {
    const rate = imagesPerSecond(epochs)
    return rate === null ? [] : [{ x: block, y: Math.log(rate) }]
  })
}

function describeDrift(drifting: readonly { id: string; title: string; change: number }[]): Finding {
  const changes = drifting.map(
    ({ title, change }) => `${title} ${formatPercent(Math.abs(change))} ${change < 0 ? 'slower' : 'faster'}`,
  )
  const message = `From the first block to the last, the machine changed: ${formatList(changes)}. Blocks keep that out of speedups, but not out of throughput. Let it settle, or cool down, before a run.`
  return { code: 'drift', severity: 'warning', strategies: drifting.map(({ id }) => id), message }
}

/** One that goes on has steps to come. */
function hasEnded({ epochs, status }: MeasurementSummary): boolean {
  return epochs.length > 0 && status !== 'running'
}

function stepsOf({ epochs }: MeasurementSummary): number {
  return epochs.reduce((sum, { steps }) => sum + steps, 0)
}

function secondsOf({ epochs }: MeasurementSummary): number {
  return epochs.reduce((sum, { seconds }) => sum + seconds, 0)
}

function slowdownOfFirst({ epochs }: MeasurementSummary): number | null {
  const [first, ...later] = epochs.map(({ seconds, images }) => seconds / images)
  const usual = median(later)
  return first === undefined || usual === null || usual === 0 ? null : first / usual - 1
}
