import { engines } from '../domain/engines.js'
import { baseIdOf, isBase } from '../domain/measurement-ids.js'
import { gradientBytes } from '../domain/models.js'
import { strategies } from '../domain/strategies.js'
import { type AllReduceBandwidth, allReduceBandwidth } from '../limits/all-reduce.js'
import { type AmdahlFit, fitAmdahl, type SpeedupAt } from '../limits/amdahl.js'
import { type LimitInput, type LimitPoint, limitCurves } from '../limits/limit-curves.js'
import { fitStepModel, type MeasuredStep } from '../limits/step-model.js'
import type { Measurement } from '../results/results.js'
import type { StrategyResult } from '../results/strategy-results.js'
import type { RunConfiguration } from '../run/run-configuration.js'
import type { TrainedUnit } from '../run/trained-unit.js'
import { mean } from '../statistics/means.js'
import type { MeanPhases } from '../waterfall/mean-phases.js'
import { medianAllReduces } from './all-reduce-rows.js'
import { type MeanStep, meanStep } from './step-analysis.js'

/**
 * What a run says of how far it can scale on one engine: the model's input, so that sliders can go on from it, and its
 * curves.
 */
export interface LimitsAnalysis {
  /** What its speedups are over. */
  baseId: string
  /** Which engine's they are; null where the run has one alone. */
  engineTitle: string | null
  /** What is trained on. */
  unit: TrainedUnit
  input: LimitInput
  points: LimitPoint[]
  amdahl: AmdahlFit | null
  /** Of the all-reduce by itself where it was timed, else within DDP's steps; null where it is not known apart. */
  bandwidth: (AllReduceBandwidth & { isAlone: boolean }) | null
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
    return limits === null ? [] : [{ baseId: base.id, engineTitle, unit: base.unit, ...limits }]
  })
}

function limitsOver(
  base: StrategyResult,
  measurements: readonly Measurement[],
  results: readonly StrategyResult[],
  configuration: LimitSettings,
): Omit<LimitsAnalysis, 'baseId' | 'engineTitle' | 'unit'> | null {
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
  const alone = bytes === null ? null : allReduceAlone(measurements, largest.id, bytes)
  const allReduce =
    alone !== null || (exposedMs > 0 && bytes !== null)
      ? { bytes: bytes as number, ms: alone ?? exposedMs, devices }
      : null
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
            // Where an exchange may be hidden, a wait for others is not a part of it.
            communicationMs: alone === null ? meanOf(step.ranks, 'communicationMs') : exposedMs,
            updateMs: meanOf(step.ranks, 'updateMs'),
            gradientBytes: bytes,
            ...hidingOf(step, alone),
          }),
  }
  return {
    input,
    points: limitCurves(input, Math.max(leastDevices, 2 * devices)),
    amdahl: fitAmdahl(measured),
    bandwidth: allReduce === null ? null : { ...allReduceBandwidth(allReduce), isAlone: alone !== null },
    measured,
  }
}

/** Of the gradients by itself; null where it was not timed. */
function allReduceAlone(measurements: readonly Measurement[], id: string, bytes: number): number | null {
  const largest = medianAllReduces(measurements.filter((measurement) => measurement.id === id)).at(-1)
  // Of all gradients, if in another precision.
  return largest === undefined ? null : (largest.ms * bytes) / largest.bytes
}

/** In a group where not every rank says how long its gradients came, nothing is taken to be hidden. */
function hidingOf({ ranks }: MeanStep, aloneMs: number | null): Pick<MeasuredStep, 'overlap'> {
  const gradients = ranks.map(({ gradientsMs }) => gradientsMs).filter((ms) => ms !== undefined)
  if (aloneMs === null || gradients.length < ranks.length) return {}
  return { overlap: { aloneMs, gradientsMs: mean(gradients) ?? 0 } }
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
