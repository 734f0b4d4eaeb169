import type { EpochRecord } from '../child/trainer-protocol.js'
import { findBaseOf, isBase, isOnAllCores } from '../domain/measurement-ids.js'
import { mean } from '../statistics/means.js'
import type { MeasurementSummary } from './results.js'

/** The figures derived from epochs. All pure, so every view of a run shows the same. */

/** Arithmetic mean, as the notebook printed it; null without an epoch. */
export function meanEpochSeconds(epochs: readonly EpochRecord[]): number | null {
  return mean(epochs.map(({ seconds }) => seconds))
}

/** All images over all epoch time; null without an epoch, or where no time passed. */
export function imagesPerSecond(epochs: readonly EpochRecord[]): number | null {
  const images = epochs.reduce((sum, epoch) => sum + epoch.images, 0)
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0)
  return seconds > 0 ? images / seconds : null
}

/**
 * How many of the base's devices a measurement used. Single on all cores is one device with the cores of
 * several, so on CPU devices it is cores that count.
 */
export function deviceEquivalents(measurement: MeasurementSummary, base: MeasurementSummary): number {
  if (!isOnAllCores(measurement)) return Math.max(1, measurement.devices.length)
  const baseCores = base.devices[0]?.cores.length ?? 0
  const cores = measurement.devices.reduce((sum, device) => sum + device.cores.length, 0)
  return baseCores > 0 && cores > 0 ? cores / baseCores : 1
}

/**
 * The measurements with mean epoch time, images/s, speedup and efficiency filled in. Speedup is the ratio of
 * images/s to Single's: equal to the ratio of epoch times where both train the same images, and still fair
 * where a step limit lets a larger global batch see more of them.
 */
export function summarise<Entry extends MeasurementSummary>(measurements: readonly Entry[]): Entry[] {
  const withRates = measurements.map((measurement) => ({
    ...measurement,
    epochTimes: measurement.epochs.map((epoch) => epoch.seconds),
    meanEpochSeconds: meanEpochSeconds(measurement.epochs),
    imagesPerSecond: imagesPerSecond(measurement.epochs),
  }))
  return withRates.map((measurement) => {
    // What ran at about the same time: drift of the machine is in both.
    const sameBlock = withRates.filter(({ block }) => block === measurement.block)
    const base = findBaseOf(sameBlock, measurement)
    const rate = measurement.imagesPerSecond
    const comparable = base?.imagesPerSecond && rate && !isBase(measurement)
    if (!comparable) return { ...measurement, speedup: null, efficiency: null }
    const speedup = rate / (base.imagesPerSecond as number)
    return { ...measurement, speedup, efficiency: speedup / deviceEquivalents(measurement, base) }
  })
}
