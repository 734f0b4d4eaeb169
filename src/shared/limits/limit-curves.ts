import { type BatchAt, perDeviceBatchSizeFor, type ScalingKind } from '../run/scaling.js'
import { allReduceBandwidth, allReduceMs, type MeasuredAllReduce } from './all-reduce.js'
import { amdahlSpeedup, fitAmdahl, type SpeedupAt } from './amdahl.js'
import { predictStep, type StepModel } from './step-model.js'

export interface LimitInput {
  scaling: ScalingKind
  /** Single's, on one device. */
  baseImagesPerSecond: number
  /** All speedups that were measured, for Amdahl's law. */
  measured: readonly SpeedupAt[]
  /** Where the model was fitted, or where its sliders are. */
  at: BatchAt
  /** Of the gradients, measured by itself or, without its wait for stragglers, in a step; null without one. */
  allReduce: MeasuredAllReduce | null
  /** Null where communication is not known apart from compute. */
  model: StepModel | null
  /** Times the bandwidth that was measured, for bound and model; absent is 1. */
  linkFactor?: number
}

export interface Limit {
  speedup: number
  efficiency: number
}

/** One number of devices on the curves; null where a curve has no figure. */
export interface LimitPoint {
  devices: number
  perDeviceBatchSize: number
  /** N devices, N times as fast. */
  ideal: Limit
  /** By the serial fraction that fits what was measured. */
  amdahl: Limit | null
  /** Compute at the base's pace and an all-reduce that it hides as well as can be: the step takes the longer of both. */
  allReduceBound: Limit | null
  /** By the step model, in which nothing is hidden. */
  predicted: Limit | null
}

/** The limits model for 1 to `maximumDevices` devices: what a scaling curve is held against. */
export function limitCurves(input: LimitInput, maximumDevices: number): LimitPoint[] {
  const fit = fitAmdahl(input.measured)
  return Array.from({ length: maximumDevices }, (_, index) => {
    const devices = index + 1
    const perDeviceBatchSize = perDeviceBatchSizeFor(input.scaling, input.at, devices)
    const limit = (speedup: number | null) =>
      speedup === null ? null : { speedup, efficiency: speedup / devices }
    return {
      devices,
      perDeviceBatchSize,
      ideal: { speedup: devices, efficiency: 1 },
      amdahl: limit(fit && amdahlSpeedup(fit.serialFraction, devices)),
      allReduceBound: limit(allReduceBoundSpeedup(input, devices, perDeviceBatchSize)),
      predicted: limit(predictedSpeedup(input, devices, perDeviceBatchSize)),
    }
  })
}

function allReduceBoundSpeedup(
  { allReduce, baseImagesPerSecond, linkFactor = 1 }: LimitInput,
  devices: number,
  perDeviceBatchSize: number,
): number | null {
  if (allReduce === null) return null
  const computeMs = (perDeviceBatchSize * 1000) / baseImagesPerSecond
  const { busBytesPerSecond } = allReduceBandwidth(allReduce)
  const communicationMs = allReduceMs(allReduce.bytes, devices, busBytesPerSecond * linkFactor)
  return (devices * computeMs) / Math.max(computeMs, communicationMs)
}

function predictedSpeedup(
  { model, baseImagesPerSecond, linkFactor = 1 }: LimitInput,
  devices: number,
  perDeviceBatchSize: number,
): number | null {
  return model && predictStep(model, baseImagesPerSecond, { devices, perDeviceBatchSize, linkFactor }).speedup
}
