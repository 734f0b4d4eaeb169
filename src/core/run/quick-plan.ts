import { describeExpectedTime } from '../../shared/expected-time.js'
import type { Measurement } from '../../shared/results/results.js'
import { blockBudgetMs } from '../../shared/run/quick-choices.js'
import { formatCount, formatQuantity } from '../../shared/text/format.js'
import { leastSteps } from '../../shared/validity/rules/steadiness.js'
import type { Pace } from './pace.js'

/** What quick aims at for one block where three would take too long. */
export const oneBlockBudgetMs = 50_000

/** What quick aims at for so many blocks. */
export function budgetMs(repeats: number): number {
  return repeats === 1 ? oneBlockBudgetMs : repeats * blockBudgetMs
}

/** Where blocks would take longer than this, there is one, unless someone asked for their number. */
export const longestBlocksMs = 120_000

/** Each measurement trains so long at least, a tenth more than promised: paces are known to some percent. */
const leastTrainingMs = 2_200

/** What a measurement is expected to take: fixed, and by image. */
export interface ExpectedCost
  extends Pick<Pace, 'fixedMs' | 'imageMs'>,
    Pick<Measurement, 'globalBatchSize'> {}

export interface QuickWish {
  /** One a measurement of a block. */
  costs: readonly ExpectedCost[]
  epochs: number
  repeats: number
  /** One block will do where `repeats` would take too long. */
  mayReduceRepeats: boolean
  /** Evaluated after each epoch; 0 without evaluation. */
  testSamples: number
}

export interface QuickPlan {
  /** More than the data set has where its pictures are to be repeated. */
  samplesPerEpoch: number
  repeats: number
  /** Of all blocks. */
  expectedMs: number
  /** Where there is one block instead of several: what those would have taken; null otherwise. */
  allBlocksMs: number | null
}

/**
 * The number of samples an epoch, equal for every strategy, with which each measurement makes 20 steps and trains for 2 s
 * at least; more where that leaves some of the budget. Whole global batches of every strategy where that is possible.
 */
export function planQuick(wish: QuickWish): QuickPlan {
  const least = leastSamples(wish)
  const allBlocksMs = expectedMs(wish, least, wish.repeats)
  const isReduced = wish.mayReduceRepeats && wish.repeats > 1 && allBlocksMs > longestBlocksMs
  const repeats = isReduced ? 1 : wish.repeats
  const unit = commonBatch(wish)
  const spareMs = budgetMs(repeats) - expectedMs(wish, least, repeats)
  const unitMs = expectedMs(wish, least + unit, repeats) - expectedMs(wish, least, repeats)
  const samplesPerEpoch = least + unit * Math.max(0, Math.floor(spareMs / unitMs))
  return {
    samplesPerEpoch,
    repeats,
    expectedMs: expectedMs(wish, samplesPerEpoch, repeats),
    allBlocksMs: isReduced ? allBlocksMs : null,
  }
}

/** Of training on an image, what evaluating it takes: a third; taken as half. */
export const evaluationShare = 1 / 2

export function expectedMs(
  { costs, epochs, testSamples }: Omit<QuickWish, 'repeats' | 'mayReduceRepeats'>,
  samplesPerEpoch: number,
  repeats: number,
): number {
  const images = epochs * (samplesPerEpoch + testSamples * evaluationShare)
  return repeats * costs.reduce((sum, cost) => sum + cost.fixedMs + images * cost.imageMs, 0)
}

function leastSamples(wish: QuickWish): number {
  const { costs, epochs } = wish
  const images = costs.map(({ globalBatchSize, imageMs }) =>
    Math.max(Math.ceil(leastSteps / epochs) * globalBatchSize * epochs, leastTrainingMs / imageMs),
  )
  const unit = commonBatch(wish)
  return unit * Math.ceil(Math.max(...images) / epochs / unit)
}

/** A batch's worth beyond which rounding to whole batches of all strategies would train too much: the largest will do. */
const largestCommonBatches = 4

function commonBatch({ costs }: Pick<QuickWish, 'costs'>): number {
  const batches = costs.map(({ globalBatchSize }) => globalBatchSize)
  const largest = Math.max(...batches)
  const common = batches.reduce(leastCommonMultiple, 1)
  return common <= largestCommonBatches * largest ? common : largest
}

/** The plan, for people and for the results: said before it begins. */
export function describeQuickPlan(
  { samplesPerEpoch, repeats, expectedMs: totalMs, allBlocksMs }: QuickPlan,
  { costs, epochs }: Pick<QuickWish, 'costs' | 'epochs'>,
): string {
  const largest = Math.max(...costs.map(({ globalBatchSize }) => globalBatchSize))
  const steps = epochs * Math.ceil(samplesPerEpoch / largest)
  const time = describeExpectedTime({
    seconds: totalMs / 1000,
    repeats,
    isMost: false,
    allBlocksSeconds: allBlocksMs === null ? null : allBlocksMs / 1000,
    basis: 'measured',
    calibratesFirst: false,
  })
  const blocks = repeats === 1 ? '. ' : `; ${formatQuantity(repeats, 'block')} of `
  const work = `${formatCount(samplesPerEpoch)} images an epoch, ${formatQuantity(steps, 'step')} a measurement`
  return `quick: ${time}${blocks}${formatQuantity(costs.length, 'measurement')}, ${work}`
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
