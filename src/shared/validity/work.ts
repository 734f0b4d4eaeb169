import type { MeasurementSummary } from '../results/results.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import { knowsSamples, type TrainedUnit, trainedUnitOf, trainedUnits } from '../run/trained-unit.js'
import { formatCount, formatQuantity } from '../text/format.js'
import type { Finding, FindingCode, Severity } from './finding.js'

export type TaskSettings = Pick<
  RunConfiguration,
  'dataset' | 'modelName' | 'stem' | 'precision' | 'learningRate' | 'slowRank' | 'script'
>

/** What a strategy was given to do, and on what: what must be equal before times can be compared. Null: not known yet. */
export interface Work extends Omit<TaskSettings, 'slowRank' | 'script'> {
  backend: MeasurementSummary['backend']
  deviceKind: 'cpu' | 'gpu' | null
  epochs: number
  /** Of one epoch: images over all devices, and optimiser steps. */
  images: number | null
  steps: number | null
  /** Images a step: of one device, and of all. Null for a script that does not tell them. */
  perDeviceBatchSize: number | null
  globalBatchSize: number | null
  /** It is so many steps, whatever their batches are: what a script's data makes of them. */
  isOfSteps: boolean
  /** What `images` counts. */
  unit: TrainedUnit
  /** Of the processes that share an epoch; a distributed sampler fills up its last round. */
  worldSize: number
}

/** The work of one measurement, as it was done. */
export function workOf(measurement: MeasurementSummary, settings: TaskSettings): Work {
  const { backend, devices, epochs, perDeviceBatchSize, globalBatchSize, worldSize } = measurement
  const { dataset, modelName, stem, precision, learningRate } = settings
  const unit = trainedUnitOf(settings)
  const isBatchKnown = knowsSamples(unit)
  const task = { dataset, modelName, stem, precision, learningRate }
  return {
    ...task,
    isOfSteps: settings.script !== undefined,
    unit,
    backend,
    deviceKind: devices[0]?.kind ?? null,
    epochs: epochs.length,
    images: epochs[0]?.images ?? null,
    steps: epochs[0]?.steps ?? null,
    perDeviceBatchSize: isBatchKnown ? perDeviceBatchSize : null,
    globalBatchSize: isBatchKnown ? globalBatchSize : null,
    worldSize,
  }
}

/** A difference in work, to follow a colon: `it ran on wasm, Single on tensorflow`. */
export type WorkDifference = Pick<Finding, 'code' | 'severity' | 'message'>

/**
 * The equal-work guard: in what the work of two differs, the worst first. Weak scaling is comparable and said; what
 * changes the work itself is not comparable. `baseTitle` names the second one.
 */
export function compareWork(work: Work, base: Work, baseTitle: string): WorkDifference[] {
  return [
    ...differs('data-differs', work, base, ({ dataset }) => `on ${dataset}`, baseTitle),
    ...differs(
      'model-differs',
      work,
      base,
      ({ modelName, stem }) => `${modelName} (${stem} stem)`,
      baseTitle,
    ),
    ...differs('precision-differs', work, base, ({ precision }) => `in ${precision}`, baseTitle),
    ...differs('engine-differs', work, base, ({ backend }) => backend && `on ${backend}`, baseTitle),
    ...differs(
      'device-kind-differs',
      work,
      base,
      ({ deviceKind }) => deviceKind && `on ${deviceKind.toUpperCase()}s`,
      baseTitle,
    ),
    ...compareImages(work, base, baseTitle),
    ...differs(
      'epochs-differ',
      work,
      base,
      ({ epochs }) => formatQuantity(epochs, 'epoch'),
      baseTitle,
      'warning',
    ),
    ...differs(
      'learning-rate-differs',
      work,
      base,
      ({ learningRate }) => `with a learning rate of ${learningRate}`,
      baseTitle,
      'warning',
    ),
    ...compareBatches(work, base, baseTitle),
  ]
}

function differs(
  code: FindingCode,
  work: Work,
  base: Work,
  describe: (work: Work) => string | null,
  baseTitle: string,
  severity: Severity = 'not-comparable',
): WorkDifference[] {
  const [own, other] = [describe(work), describe(base)]
  if (own === null || other === null || own === other) return []
  return [{ code, severity, message: `it ran ${own}, ${baseTitle} ${other}` }]
}

/** Steps of more images in as many steps are weak scaling under a limit on steps; any other difference is other work. */
function compareImages(work: Work, base: Work, baseTitle: string): WorkDifference[] {
  if (work.images === null || base.images === null) return []
  // A sampler that deals pictures to several ranks repeats some, so that all get as many.
  const padding = Math.max(work.worldSize, base.worldSize) - 1
  if (Math.abs(work.images - base.images) <= padding) return []
  const message = `an epoch is ${formatCount(work.images)} ${trainedUnits[work.unit].many}, ${baseTitle}'s ${formatCount(base.images)}`
  if (!knowsSamples(work.unit))
    return [{ code: 'work-assumed', severity: 'warning', message: equalStepsAssumed }]
  const ratio = work.images / base.images
  const isWeak = work.isOfSteps || ratio === (work.globalBatchSize ?? 1) / (base.globalBatchSize ?? 1)
  const sameSteps = work.steps === base.steps && isWeak
  return [
    sameSteps
      ? { code: 'step-limit', severity: 'note', message }
      : { code: 'images-differ', severity: 'not-comparable', message },
  ]
}

const equalStepsAssumed =
  'how many samples a step has is not known, so each step of each rank is taken for equal work; where the ranks share one batch, it is not: say its size with --global-batch'

function compareBatches(work: Work, base: Work, baseTitle: string): WorkDifference[] {
  if (work.globalBatchSize === base.globalBatchSize) return []
  if (work.globalBatchSize === null || base.globalBatchSize === null) return []
  const sizes = `${formatCount(work.globalBatchSize)} ${trainedUnits[work.unit].many}, ${baseTitle}'s ${formatCount(base.globalBatchSize)}`
  return [{ code: 'weak-scaling', severity: 'note', message: `the global batch is ${sizes} (weak scaling)` }]
}
