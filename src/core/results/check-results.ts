import { lastInstantMs } from '../../shared/bounds.js'
import type { EpochRecord, StepRecord } from '../../shared/child/trainer-protocol.js'
import { belongsTo } from '../../shared/domain/measurement-ids.js'
import { hasItsDevices } from '../../shared/domain/strategies.js'
import { type Measurement, measurementKey, type Results } from '../../shared/results/results.js'
import { formatQuantity } from '../../shared/text/format.js'

/**
 * What is wrong with results whose every field is of its type, as no run of Tandem writes them: measurements, ranks,
 * epochs or steps that contradict each other, and figures beyond all measure. In words that begin with the place; null
 * where nothing is. Views need not fear any of it then.
 */
export function findContradiction({ configuration: { repeats }, measurements }: Results): string | null {
  const keys = new Set<string>()
  for (const [index, measurement] of measurements.entries()) {
    const key = measurementKey(measurement)
    const problem = keys.has(key)
      ? `${measurement.id} is there twice in block ${measurement.block}`
      : measurement.block >= repeats
        ? `block ${measurement.block} of a run of ${formatQuantity(repeats, 'block')}`
        : measurementProblem(measurement)
    if (problem !== null) return `measurements.${index}: ${problem}`
    keys.add(key)
  }
  return null
}

function measurementProblem(measurement: Measurement): string | null {
  const { id, strategy, worldSize, status, devices, epochs, ranks, slowestRank } = measurement
  if (!belongsTo(measurement, strategy)) return `${id} cannot be of the strategy ${strategy}`
  if (status !== 'skipped' && !hasItsDevices(strategy, devices.length, worldSize)) {
    return `${id} cannot have ${formatQuantity(devices.length, 'device')} and a world size of ${worldSize}`
  }
  if (status === 'skipped' && epochs.length > 0) return `${id} was skipped, but has epochs`
  if (slowestRank !== undefined && slowestRank.rank >= worldSize) {
    return `rank ${slowestRank.rank} of a world size of ${worldSize}`
  }
  const numbers = ranks.map(({ rank }) => rank)
  if (new Set(numbers).size < numbers.length) return 'a rank is there twice'
  const beyond = numbers.find((rank) => rank >= worldSize)
  if (beyond !== undefined) return `rank ${beyond} of a world size of ${worldSize}`
  return epochsProblem(epochs) ?? firstOf(ranks, ({ rank, steps }) => stepsProblem(rank, steps))
}

function epochsProblem(epochs: readonly EpochRecord[]): string | null {
  return firstOf(epochs, ({ epoch, seconds, images, loss }, index) => {
    const before = epochs[index - 1]
    if (before !== undefined && before.epoch >= epoch) return `epoch ${epoch} follows epoch ${before.epoch}`
    const isMeasurable = isDuration(1000 * seconds) && isCount(images) && isSize(loss ?? 0)
    return isMeasurable ? null : `epoch ${epoch} has figures beyond all measure`
  })
}

function stepsProblem(rank: number, steps: readonly StepRecord[]): string | null {
  return firstOf(steps, (record, index) => {
    const { epoch, step } = record
    const before = steps[index - 1]
    const isInOrder =
      before === undefined || before.epoch < epoch || (before.epoch === epoch && before.step < step)
    if (!isInOrder) return `rank ${rank}: steps are not in order at step ${step} of epoch ${epoch}`
    return isMeasurableStep(record)
      ? null
      : `rank ${rank}: step ${step} of epoch ${epoch} has figures beyond all measure`
  })
}

function isMeasurableStep(record: StepRecord): boolean {
  const { stepMs, dataWaitMs, computeMs, communicationMs, updateMs, images, loss } = record
  // Of a million of them, a list for each would cost more than what is looked at.
  return (
    isDuration(stepMs) &&
    isDuration(dataWaitMs) &&
    isDuration(computeMs) &&
    isDuration(communicationMs) &&
    isDuration(updateMs) &&
    isCount(images) &&
    isSize(loss ?? 0) &&
    isInstant(record.startedAtMs) &&
    isInstant(record.arrivedAtMs ?? 0)
  )
}

/** 30 years. */
const longestMs = 1e12

/** Nothing, or from a picosecond. */
function isDuration(ms: number): boolean {
  return ms === 0 || (ms >= 1e-9 && ms <= longestMs)
}

function isCount(images: number): boolean {
  return images <= 1e12
}

/** A date, also once a step's time is added. */
function isInstant(ms: number): boolean {
  return Math.abs(ms) <= lastInstantMs - longestMs
}

/** Sums and differences of a few stay finite. */
function isSize(value: number): boolean {
  return Math.abs(value) <= 1e100
}

function firstOf<Item>(
  items: readonly Item[],
  problemOf: (item: Item, index: number) => string | null,
): string | null {
  for (const [index, item] of items.entries()) {
    const problem = problemOf(item, index)
    if (problem !== null) return problem
  }
  return null
}
