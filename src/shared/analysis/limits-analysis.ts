import { engines } from '../domain/engines.js'
import { baseIdOf, isBase } from '../domain/measurement-ids.js'
import { gradientBytes } from '../domain/models.js'
import { strategies } from '../domain/strategies.js'
import { type AllReduceBandwidth, allReduceBandwidth } from '../limits/all-reduce.js'
import { type AmdahlFit, fitAmdahl, type SpeedupAt } from '../limits/amdahl.js'
import { type LimitInput, type LimitPoint, limitCurves } from '../limits/limit-curves.js'
import { fitStepModel } from '../limits/step-model.js'
import type { Measurement } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import { mean } from '../statistics/means.js'
import type { MeanPhases } from '../waterfall/mean-phases.js'
import { meanStep } from './step-analysis.js'

/**
 * What a run says of how far it can scale on one engine: the model's input, so that sliders can go on from it, and its
 * curves.
 */
export interface LimitsAnalysis {
  /** What its speedups are over. */
  baseId: string
  /** Which engine's they are; null where the run has one alone. */
  engineTitle: string | null
  input: LimitInput
  points: LimitPoint[]
  amdahl: AmdahlFit | null
  /** Of the all-reduce within DDP's steps; null where it is not known apart. */
  bandwidth: AllReduceBandwidth | null
  /** Every strategy's speedups as measured, by devices. */
  measured: (SpeedupAt & { id: string; title: string })[]
}

/** Curves go on to this many devices at least: what people would buy next. */
const leastDevices = 8

type LimitSettings = Pick<RunConfiguration, 'scaling' | 'modelName' | 'stem' | 'script'>

/** One an engine, in the order of the run; none where no speedup of DP or DDP was measured. */
export function analyseLimits(
  measurements: readonly Measurement[],
  results: readonly StrategyResult[],
  configuration: LimitSettings,
): LimitsAnalysis[] {
  const bases = results.filter(isBase)
  return bases.flatMap((base): LimitsAnalysis[] => {
    const engineTitle = bases.length > 1 && base.backend !== null ? engines[base.backend].title : null
    const limits = limitsOver(base, measurements, results, configuration)
    return limits === null ? [] : [{ baseId: base.id, engineTitle, ...limits }]
  })
}

function limitsOver(
  base: StrategyResult,
  measurements: readonly Measurement[],
  results: readonly StrategyResult[],
  configuration: LimitSettings,
): Omit<LimitsAnalysis, 'baseId' | 'engineTitle'> | null {
  const baseImagesPerSecond = base.imagesPerSecond
  const parallel = results.filter(
    (result) => baseIdOf(result) === base.id && result.devices.length > 1 && result.speedup !== null,
  )
  const largest =
    parallel.findLast(({ strategy }) => strategies[strategy].exchangesGradients) ?? parallel.at(-1)
  if (baseImagesPerSecond === null || largest === undefined) return null

  const devices = largest.devices.length
  const bytes = bytesOfGradients(largest, configuration)
  const step = meanStep(measurements.filter(({ id }) => id === largest.id))
  const exposedMs = step === null ? 0 : meanOf(step.ranks, 'communicationMs') - (step.stragglerWaitMs ?? 0)
  const allReduce = exposedMs > 0 && bytes !== null ? { bytes, ms: exposedMs, devices } : null
  const measured = parallel.map(({ id, title, devices: on, speedup }) => ({
    id,
    title,
    devices: on.length,
    speedup: speedup as number,
  }))
  const input: LimitInput = {
    scaling: configuration.scaling,
    baseImagesPerSecond,
    measured,
    at: { devices, perDeviceBatchSize: largest.perDeviceBatchSize },
    allReduce,
    model:
      step === null || bytes === null
        ? null
        : fitStepModel({
            devices,
            perDeviceBatchSize: meanOf(step.ranks, 'images'),
            stepMs: Math.max(...step.ranks.map(({ stepMs }) => stepMs)),
            communicationMs: meanOf(step.ranks, 'communicationMs'),
            updateMs: meanOf(step.ranks, 'updateMs'),
            gradientBytes: bytes,
          }),
  }
  return {
    input,
    points: limitCurves(input, Math.max(leastDevices, 2 * devices)),
    amdahl: fitAmdahl(measured),
    bandwidth: allReduce === null ? null : allReduceBandwidth(allReduce),
    measured,
  }
}

/** Null where a script does not say. */
function bytesOfGradients({ script }: StrategyResult, configuration: LimitSettings): number | null {
  if (configuration.script !== undefined) return script?.gradientBytes ?? null
  return gradientBytes(configuration.modelName, configuration.stem)
}

/** Over the ranks; 0 without one. */
function meanOf(ranks: readonly MeanPhases[], name: 'communicationMs' | 'updateMs' | 'images'): number {
  return mean(ranks.map((rank) => rank[name])) ?? 0
}
