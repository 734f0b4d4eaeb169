import { findBase } from '../domain/measurement-ids.js'
import { gradientBytes } from '../domain/models.js'
import { strategies } from '../domain/strategies.js'
import { type AllReduceBandwidth, allReduceBandwidth } from '../limits/all-reduce.js'
import { type AmdahlFit, fitAmdahl, type SpeedupAt } from '../limits/amdahl.js'
import { type LimitInput, type LimitPoint, limitCurves } from '../limits/limit-curves.js'
import { fitStepModel } from '../limits/step-model.js'
import type { Measurement } from '../results.js'
import type { RunConfiguration } from '../run-configuration.js'
import { mean } from '../statistics/means.js'
import type { StrategyResult } from '../strategy-results.js'
import type { MeanPhases } from '../waterfall/mean-phases.js'
import { meanStep } from './step-analysis.js'

/** What a run says of how far it can scale: the model's input, so that sliders can go on from it, and its curves. */
export interface LimitsAnalysis {
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

/** Null without a measured speedup of DP or DDP. */
export function analyseLimits(
  measurements: readonly Measurement[],
  results: readonly StrategyResult[],
  configuration: Pick<RunConfiguration, 'scaling' | 'modelName' | 'stem'>,
): LimitsAnalysis | null {
  const base = findBase(results)
  const baseImagesPerSecond = base?.imagesPerSecond ?? null
  const parallel = results.filter(({ devices, speedup }) => devices.length > 1 && speedup !== null)
  const largest =
    parallel.findLast(({ strategy }) => strategies[strategy].exchangesGradients) ?? parallel.at(-1)
  if (baseImagesPerSecond === null || largest === undefined) return null

  const devices = largest.devices.length
  const bytes = gradientBytes(configuration.modelName, configuration.stem)
  const step = meanStep(measurements.filter(({ id }) => id === largest.id))
  const exposedMs = step === null ? 0 : meanOf(step.ranks, 'communicationMs') - (step.stragglerWaitMs ?? 0)
  const allReduce = exposedMs > 0 ? { bytes, ms: exposedMs, devices } : null
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
      step === null
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

/** Over the ranks; 0 without one. */
function meanOf(ranks: readonly MeanPhases[], name: 'communicationMs' | 'updateMs' | 'images'): number {
  return mean(ranks.map((rank) => rank[name])) ?? 0
}
