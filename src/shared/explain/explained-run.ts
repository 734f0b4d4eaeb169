import { findBaseOf, planPosition } from '../domain/measurement-ids.js'
import { strategies } from '../domain/strategies.js'
import { devicesOfRun, machineCount } from '../machine/device.js'
import { type Measurement, measurementKey, type Results } from '../results/results.js'
import { deviceEquivalents } from '../results/summary.js'
import { type TrainedUnit, trainedUnitOf } from '../run/trained-unit.js'
import { meanPhases } from '../waterfall/mean-phases.js'
import type { Waterfall } from '../waterfall/waterfall.js'
import { type PacePoint, paceOf } from './pace.js'
import { type PickedSteps, pickSteps } from './pick-steps.js'
import { type RecordedStep, recordedSteps, type StepContext, stepContext } from './recorded-step.js'
import { stepWaterfall } from './step-waterfall.js'

/** A measurement whose steps can be shown. */
export interface ExplainedMeasurement extends StepContext {
  /** That every rank recorded. */
  steps: number
  picked: PickedSteps
  pace: PacePoint[]
  /** Of its first epoch, on all ranks together. */
  epochImages: number
  /** What these are. */
  unit: TrainedUnit
  globalBatchSize: number
  perDeviceBatchSize: number
  /** Whether its processes exchange gradients. */
  exchanges: boolean
  /** Of the weights after the last epoch, equal on all ranks; null without an epoch. */
  parameterChecksum: string | null
}

/** A step with why it was not N times as fast; null for the base, and without one. */
export interface ExplainedStep extends RecordedStep {
  waterfall: Waterfall | null
}

/** What of a run can be played back step by step: the base first, then as every table has strategies, by repeat. */
export function explainedRun({
  measurements,
  configuration,
}: Pick<Results, 'measurements' | 'configuration'>): ExplainedMeasurement[] {
  const devices = devicesOfRun(measurements)
  const inOrder = [...measurements].sort((a, b) => planPosition(a) - planPosition(b) || a.block - b.block)
  return inOrder.flatMap((measurement) => {
    const steps = recordedSteps(measurement)
    if (steps.length === 0) return []
    const { globalBatchSize, perDeviceBatchSize, epochs } = measurement
    return {
      ...stepContext(measurement, devices),
      steps: steps.length,
      picked: pickSteps(steps, measurement.devices.length),
      pace: paceOf(measurement),
      epochImages: imagesOfEpoch(steps),
      unit: trainedUnitOf(configuration),
      globalBatchSize,
      perDeviceBatchSize,
      exchanges: strategies[measurement.strategy].exchangesGradients,
      parameterChecksum: epochs.at(-1)?.parameterChecksum ?? null,
    }
  })
}

function imagesOfEpoch(steps: readonly RecordedStep[]): number {
  const first = steps[0]?.epoch
  return steps
    .filter(({ epoch }) => epoch === first)
    .flatMap(({ ranks }) => ranks)
    .reduce((sum, { images }) => sum + images, 0)
}

/** `count` steps of a measurement from the one with index `from`; fewer at its end, none of an unknown one. */
export function explainedSteps(
  { measurements, configuration }: Pick<Results, 'measurements' | 'configuration'>,
  { key, from, count }: { key: string; from: number; count: number },
): ExplainedStep[] {
  const measurement = findMeasurement(measurements, key)
  if (measurement === undefined) return []
  const single = findBaseOf(
    measurements.filter(({ block }) => block === measurement.block),
    measurement,
  )
  const base = meanPhases(single?.ranks[0]?.steps ?? [])
  return recordedSteps(measurement)
    .slice(from, from + count)
    .map((step) => ({
      ...step,
      waterfall:
        single === undefined || base === null || measurement === single
          ? null
          : stepWaterfall(step, {
              strategy: measurement.strategy,
              base,
              devices: deviceEquivalents(measurement, single),
              machines: machineCount(measurement.devices),
              unit: trainedUnitOf(configuration),
            }),
    }))
}

export function findMeasurement(measurements: readonly Measurement[], key: string): Measurement | undefined {
  return measurements.find((measurement) => measurementKey(measurement) === key)
}
