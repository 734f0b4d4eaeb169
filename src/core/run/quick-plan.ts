import { assertNever } from '../../shared/errors.js'
import { formatCount, formatQuantity } from '../../shared/format.js'
import type { Measurement } from '../../shared/results.js'

/** What a few steps of Single cost, start to end, in milliseconds. */
export interface Calibration {
  /** From starting the process until its engine was loaded. */
  startMs: number
  /** Tracing and the first steps. */
  warmUpMs: number
  /** Autotuning. Counted for every measurement alike: timings are kept, but each has devices or batches of its own. */
  tuneMs: number
  /** The slowest of the steps measured. */
  stepMs: number
  /** From the last step until the process was gone. */
  endMs: number
  /** Images a step. */
  batchSize: number
}

/** What a measurement is expected to take: fixed, and by image. */
export interface ExpectedCost {
  id: Measurement['id']
  globalBatchSize: number
  fixedMs: number
  imageMs: number
}

export interface QuickPlan {
  samplesPerEpoch: number
  /** By the model's own estimate; above the budget only if the smallest possible run is. */
  expectedMs: number
}

/**
 * Estimates on the pessimistic side: more devices are not expected to be faster, only to cost more to set
 * up. DP traces its replicas one after another; DDP's processes start together but share memory and disk.
 */
export function expectCosts(measurements: readonly Measurement[], calibration: Calibration): ExpectedCost[] {
  return measurements
    .filter((measurement) => measurement.status !== 'skipped')
    .map((measurement) => expectCost(measurement, calibration))
}

const multiDeviceSlowdown = 1.2

function expectCost(
  { id, strategy, globalBatchSize, devices }: Measurement,
  calibration: Calibration,
): ExpectedCost {
  const { startMs, warmUpMs, tuneMs, endMs, stepMs, batchSize } = calibration
  const imageMs = stepMs / batchSize
  const slowerImageMs = imageMs * multiDeviceSlowdown
  switch (strategy) {
    case 'single':
      return { id, globalBatchSize, imageMs, fixedMs: startMs + warmUpMs + tuneMs + endMs }
    case 'dp':
      return {
        id,
        globalBatchSize,
        imageMs: slowerImageMs,
        fixedMs: startMs + warmUpMs * devices.length + tuneMs + endMs,
      }
    case 'ddp':
      return {
        id,
        globalBatchSize,
        imageMs: slowerImageMs,
        fixedMs: 1.5 * (startMs + warmUpMs) + tuneMs + endMs + 500,
      }
    default:
      return assertNever(strategy, 'strategy')
  }
}

export interface QuickBudget {
  costs: readonly ExpectedCost[]
  epochs: number
  /** For all measurements together. */
  budgetMs: number
  trainSamples: number
  /** Evaluated after each epoch; 0 without evaluation. */
  testSamples: number
}

/**
 * The largest number of samples an epoch, equal for every strategy, that keeps the expected time within the
 * budget: whole global batches of every strategy where the data set has that many, and at least one.
 */
export function planQuick(budget: QuickBudget): QuickPlan {
  const { costs, budgetMs, trainSamples } = budget
  const batches = costs.map((cost) => cost.globalBatchSize)
  const common = batches.reduce(leastCommonMultiple, 1)
  const unit = Math.min(common <= trainSamples ? common : Math.max(...batches), trainSamples)
  let samplesPerEpoch = unit
  while (samplesPerEpoch + unit <= trainSamples && expectedMs(budget, samplesPerEpoch + unit) <= budgetMs) {
    samplesPerEpoch += unit
  }
  return { samplesPerEpoch, expectedMs: expectedMs(budget, samplesPerEpoch) }
}

/** Evaluating an image is a third of training on it; taken as half. */
export function expectedMs(budget: QuickBudget, samplesPerEpoch: number): number {
  const imagesPerEpoch = samplesPerEpoch + budget.testSamples / 2
  return budget.costs.reduce(
    (sum, cost) => sum + cost.fixedMs + budget.epochs * imagesPerEpoch * cost.imageMs,
    0,
  )
}

/** The choice, for people and for the results. */
export function describeQuickPlan(
  plan: QuickPlan,
  calibration: Calibration,
  costs: readonly ExpectedCost[],
): string {
  const rate = (1000 * calibration.batchSize) / calibration.stepMs
  const runs = formatQuantity(costs.length, 'measurement')
  return (
    `quick: Single made ${rate.toFixed(0)} images/s in calibration, so each of ${runs} trains on ` +
    `${formatCount(plan.samplesPerEpoch)} images an epoch (expected: ${(plan.expectedMs / 1000).toFixed(0)} s)`
  )
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
