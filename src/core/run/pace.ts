import { z } from 'zod'
import { engines } from '../../shared/domain/engines.js'
import type { Measurement, Results } from '../../shared/results.js'
import type { RunConfiguration } from '../../shared/run-configuration.js'
import { median } from '../../shared/statistics/quantiles.js'

/** How fast a strategy was on this machine: what a run is planned with. */
export const paceSchema = z.object({
  /** Of a whole measurement, or of a few steps that were made for this alone. */
  from: z.enum(['measurement', 'trial']),
  /** Everything but training: starting, tracing, the first steps, ending. Autotuning is left out. */
  fixedMs: z.number().nonnegative(),
  /** Over all devices. */
  imageMs: z.number().positive(),
})

export type Pace = z.infer<typeof paceSchema>

/** What a pace depends on, beside the strategy. */
export interface PaceCircumstances {
  configuration: Pick<
    RunConfiguration,
    | 'modelName'
    | 'stem'
    | 'dataset'
    | 'precision'
    | 'numWorkers'
    | 'autotune'
    | 'collective'
    | 'gradientCompression'
    | 'slowRank'
    | 'memoryFormat'
    | 'compile'
    | 'bucketMebibytes'
  >
  machine: Pick<
    Results['machine'],
    'cpuModel' | 'logicalCores' | 'tandemVersion' | 'nodeVersion' | 'tensorflowVersion' | 'pytorch'
  >
}

/** Equal for measurements that would be equally fast. */
export function paceKey(
  { id, backend, devices, worldSize, perDeviceBatchSize, globalBatchSize }: Measurement,
  { configuration, machine }: PaceCircumstances,
): string {
  const { modelName, stem, dataset, precision, numWorkers, autotune } = configuration
  const { memoryFormat, compile, bucketMebibytes } = configuration
  const { cpuModel, logicalCores, tandemVersion, nodeVersion, tensorflowVersion } = machine
  const engineVersion =
    backend !== null && engines[backend].hasPyTorchSettings ? machine.pytorch?.version : tensorflowVersion
  return JSON.stringify([
    [cpuModel, logicalCores, tandemVersion, nodeVersion.split('.')[0], backend, engineVersion],
    [modelName, stem, dataset, precision, numWorkers, autotune],
    [
      configuration.collective,
      configuration.gradientCompression,
      memoryFormat,
      compile,
      bucketMebibytes,
      configuration.slowRank,
    ],
    [id, devices.map(({ kind, description }) => `${kind} ${description}`), worldSize],
    [perDeviceBatchSize, globalBatchSize],
  ])
}

/**
 * The pace of a measurement that took `wallMs` in all; null where it did not come to its end, or evaluated, which is on
 * no clock.
 */
export function paceOf({ status, epochs, autotune }: Measurement, wallMs: number): Pace | null {
  const isEvaluated = epochs.some(({ testAccuracy }) => testAccuracy !== null)
  const images = epochs.reduce((sum, epoch) => sum + epoch.images, 0)
  const trainedMs = epochs.reduce((sum, { seconds }) => sum + seconds * 1000, 0)
  if (status !== 'completed' || isEvaluated || trainedMs === 0) return null
  return {
    from: 'measurement',
    fixedMs: fixedPart(wallMs - trainedMs, autotune),
    imageMs: trainedMs / images,
  }
}

/** The pace of a trial of a few steps, of which the first is left out. Null without a step. */
export function paceOfTrial(
  { ranks, epochs, globalBatchSize, autotune }: Measurement,
  wallMs: number,
): Pace | null {
  const steps = ranks[0]?.steps ?? []
  const stepMs = median((steps.length > 1 ? steps.slice(1) : steps).map((step) => step.stepMs))
  if (stepMs === null || stepMs === 0) return null
  const trainedMs = epochs.reduce((sum, { seconds }) => sum + seconds * 1000, 0)
  return {
    from: 'trial',
    fixedMs: fixedPart(wallMs - trainedMs, autotune),
    imageMs: stepMs / globalBatchSize,
  }
}

/** Timings that are known already are looked up in no time; making them happens once. */
function fixedPart(ms: number, autotune: Measurement['autotune']): number {
  return Math.max(0, ms - (autotune !== undefined && autotune.timed > 0 ? autotune.tuneMs : 0))
}

/** The middle of what was seen; whole measurements say more than trials. Null without any. */
export function usualPace(paces: readonly Pace[]): Pace | null {
  const measured = paces.filter(({ from }) => from === 'measurement')
  const best = measured.length > 0 ? measured : paces
  const [fixedMs, imageMs] = [
    median(best.map((pace) => pace.fixedMs)),
    median(best.map((pace) => pace.imageMs)),
  ]
  return fixedMs === null || imageMs === null ? null : { from: best[0]?.from ?? 'trial', fixedMs, imageMs }
}
