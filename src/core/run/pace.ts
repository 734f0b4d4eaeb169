import { z } from 'zod'
import { engines } from '../../shared/domain/engines.js'
import { type Device, isHere } from '../../shared/machine/device.js'
import type { Measurement, Results } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
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
export function paceKey(planned: Measurement, circumstances: PaceCircumstances): string {
  const { dataset, numWorkers, autotune, collective, gradientCompression } = circumstances.configuration
  const { memoryFormat, compile, bucketMebibytes, slowRank } = circumstances.configuration
  return JSON.stringify([
    ...kin(planned, circumstances),
    [dataset, numWorkers, autotune],
    [collective, gradientCompression, memoryFormat, compile, bucketMebibytes, slowRank],
    [planned.perDeviceBatchSize, planned.globalBatchSize],
  ])
}

/**
 * What the same strategy took an image on the same devices of this machine, in whatever batches and with whatever
 * pictures and means: near enough to say how long something will take. The newest; null without any.
 */
export function kindredPace(
  known: ReadonlyMap<string, readonly Pace[]>,
  planned: Measurement,
  circumstances: PaceCircumstances,
): Pace | null {
  const beginning = `${JSON.stringify(kin(planned, circumstances)).slice(0, -1)},`
  const newest = [...known].reverse().find(([key]) => key.startsWith(beginning))
  return newest === undefined ? null : usualPace(newest[1])
}

/** What the time of an image depends on most; a key begins with it. */
function kin(
  { id, backend, devices, worldSize }: Measurement,
  { configuration, machine }: PaceCircumstances,
): unknown[] {
  const { modelName, stem, precision } = configuration
  const { cpuModel, logicalCores, tandemVersion, nodeVersion, tensorflowVersion } = machine
  const engineVersion =
    backend !== null && engines[backend].hasPyTorchSettings ? machine.pytorch?.version : tensorflowVersion
  return [
    [cpuModel, logicalCores, tandemVersion, nodeVersion.split('.')[0], backend, engineVersion],
    [modelName, stem, precision],
    [id, devices.map(describePlace), worldSize],
  ]
}

/** Beyond the first machine the network counts, too. */
function describePlace(device: Device): string {
  const place = `${device.kind} ${device.description}`
  return isHere(device) ? place : `${place} of node ${device.machine}`
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
