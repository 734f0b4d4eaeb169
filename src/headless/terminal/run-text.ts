import type { EpochRecord } from '../../shared/child/trainer-protocol.js'
import { type EngineName, engines } from '../../shared/domain/engines.js'
import type { ErrorReport } from '../../shared/errors.js'
import { deviceName } from '../../shared/machine/device.js'
import type { Measurement } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import { knowsSamples, type TrainedUnit, trainedUnits } from '../../shared/run/trained-unit.js'
import { describeStoppingRule, standardStoppingRule } from '../../shared/statistics/stopping-rule.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatQuantity,
  formatSeconds,
  formatStepTime,
  formatThroughput,
} from '../../shared/text/format.js'
import { autotunePart } from './autotune-text.js'
import type { Progress } from './progress.js'

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>

/** What is run, on what, before it starts. */
export function startLines({ runId, configuration, machine, notes }: Event<'run-started'>): string[] {
  const { modelName, stem, dataset, precision, learningRate, seed, epochs, script } = configuration
  const gpus = machine.gpus.map((gpu) => gpu.model)
  const hardware = [
    machine.cpuModel,
    formatQuantity(machine.logicalCores, 'logical core'),
    formatBytes(machine.memoryBytes),
    ...gpus,
  ]
  return [
    `Tandem ${machine.tandemVersion}, run ${runId}`,
    `Machine: ${hardware.join(', ')}; ${machine.operatingSystem}`,
    ...notes,
    script === undefined
      ? `Task: ${modelName} (${stem} stem) on ${dataset}, ${formatQuantity(epochs, 'epoch')}, ${precision}, ` +
        `learning rate ${learningRate}, seed ${seed}`
      : `Task: ${formatQuantity(script.steps, 'step')} of the script, after ${script.warmUpSteps} to warm up`,
    ...planLines(configuration),
  ]
}

/** How often everything is measured, where that is more than once. */
function planLines(configuration: RunConfiguration): string[] {
  const { repeats, untilNarrow } = configuration
  if (repeats === 1) return []
  const count = `Plan: ${untilNarrow ? 'up to ' : ''}${formatQuantity(repeats, 'block')}, each with every strategy once`
  const rule = { ...standardStoppingRule, maximumBlocks: repeats }
  return [
    `${count} in random order, every time in fresh processes`,
    ...(untilNarrow ? [`Rule: ${describeStoppingRule(rule)}`] : []),
  ]
}

/** What comes before a quick run is planned, where a strategy's pace is not known. */
export function calibrationLine({ title, index, count, tunes }: Event<'calibration-started'>): string {
  const what = tunes ? 'Tuning for this processor, once' : 'Finding out how fast this machine is'
  return `${what}: ${title} (${index} of ${count})`
}

/** @param isBatchKnown false for a script whose batch shows only in its steps */
export function measurementLine(measurement: Measurement, isBatchKnown = true): string {
  const { title, skipReason, devices, globalBatchSize, perDeviceBatchSize } = measurement
  if (skipReason !== null) return `[${title}] skipped: ${skipReason}`
  const names = devices.map((device) => `${deviceName(device)} (${device.description})`).join(', ')
  const batch =
    globalBatchSize === perDeviceBatchSize
      ? `batch ${formatCount(globalBatchSize)}`
      : `batch ${formatCount(perDeviceBatchSize)} per device, ${formatCount(globalBatchSize)} in all`
  return isBatchKnown ? `[${title}] ${batch} on ${names}` : `[${title}] on ${names}`
}

/** @param warmUpSteps of a script; null for Tandem's own training */
export function warmUpLine(
  title: string,
  engine: EngineName | null,
  warmUpSteps: number | null,
  { traceMs, firstStepMs, autotune }: Event<'warmed-up'>,
): string {
  if (warmUpSteps !== null) {
    const steps = formatQuantity(warmUpSteps, 'step')
    return `[${title}] Warm-up - ${steps}: ${formatSeconds(firstStepMs / 1000)} (not measured)`
  }
  const parts = [
    ...(autotune === undefined ? [] : [autotunePart(autotune)]),
    `${engine === null ? 'tracing' : engines[engine].firstCall}: ${formatSeconds(traceMs / 1000)}`,
    `first step: ${formatSeconds(firstStepMs / 1000)}`,
  ]
  return `[${title}] Warm-up - ${parts.join(' - ')} (not part of any epoch)`
}

/** As the notebook printed it; a script's loss is its own affair. */
export function epochLine(title: string, epoch: EpochRecord, epochs: number, unit: TrainedUnit): string {
  const { loss, steps, images, seconds } = epoch
  if (loss === undefined) {
    const time = formatStepTime((1000 * seconds) / steps)
    const samples = `${formatCount(Math.round(images / steps))} ${trainedUnits[unit].many}`
    const each = knowsSamples(unit) ? `${samples} and ${time} each` : `${time} each`
    return `[${title}] ${formatQuantity(steps, 'step')} - ${each} - time: ${formatSeconds(seconds)}`
  }
  return `${epochPrefix(title, epoch, epochs)} - loss: ${loss.toFixed(4)} - time: ${formatSeconds(seconds)}`
}

export function accuracyLine(title: string, epoch: EpochRecord, epochs: number): string {
  return `${epochPrefix(title, epoch, epochs)} - test accuracy: ${formatPercent(epoch.testAccuracy)}`
}

/** @param remainingSeconds of the whole run; null while that is not known */
export function progressLine(
  title: string,
  progress: Progress,
  remainingSeconds: number | null,
  unit: TrainedUnit,
): string {
  const { epoch, epochs, step, stepsPerEpoch, loss, imagesPerSecond } = progress
  return [
    `[${title}] Epoch ${epoch}/${epochs}`,
    `step ${step}/${stepsPerEpoch}`,
    ...(loss === null ? [] : [`loss: ${loss.toFixed(4)}`]),
    formatThroughput(imagesPerSecond, unit),
    ...(remainingSeconds === null ? [] : [`ETA ${formatDuration(remainingSeconds)}`]),
  ].join(' - ')
}

export function failureLine(title: string, error: ErrorReport): string {
  const where = error.rank === undefined ? '' : ` (rank ${error.rank})`
  return `[${title}] failed${where}: ${error.message}${error.hint === '' ? '' : `. ${error.hint}`}`
}

function epochPrefix(title: string, { epoch }: EpochRecord, epochs: number): string {
  return `[${title}] Epoch ${epoch + 1}/${epochs}`
}
