import { formatCount } from './format.js'
import type { MeasurementSummary } from './results.js'
import type { EpochRecord } from './trainer-protocol.js'

/** The figures derived from epochs. All pure, so every view of a run shows the same. */

/** Arithmetic mean, as the notebook printed it; null without an epoch. */
export function meanEpochSeconds(epochs: readonly EpochRecord[]): number | null {
  if (epochs.length === 0) return null
  return epochs.reduce((sum, epoch) => sum + epoch.seconds, 0) / epochs.length
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
  if (measurement.id !== 'single-all-cores') return Math.max(1, measurement.devices.length)
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
  const base = withRates.find((measurement) => measurement.id === 'single')
  return withRates.map((measurement) => {
    const rate = measurement.imagesPerSecond
    const comparable = base?.imagesPerSecond && rate && measurement.id !== 'single'
    if (!comparable) return { ...measurement, speedup: null, efficiency: null }
    const speedup = rate / (base.imagesPerSecond as number)
    return { ...measurement, speedup, efficiency: speedup / deviceEquivalents(measurement, base) }
  })
}

function partialNote({ title, status, epochs }: MeasurementSummary): string[] {
  if (status !== 'failed' && status !== 'cancelled') return []
  const ended = status === 'failed' ? 'was ended by an error' : 'was stopped'
  return [`partial: ${title} ${ended} after ${formatCount(epochs.length)} epochs`]
}

/**
 * What a reader must know before comparing a measurement with Single: a measurement that did
 * not get to its end, larger global batches (weak scaling) and epochs of different length. Empty where the work was equal.
 */
export function comparisonNotes(measurement: MeasurementSummary, base: MeasurementSummary): string[] {
  const notes = [measurement, base].flatMap(partialNote)
  if (measurement.globalBatchSize !== base.globalBatchSize) {
    const sizes = `${formatCount(measurement.globalBatchSize)} images, Single's ${formatCount(base.globalBatchSize)}`
    notes.push(`weak scaling: the global batch is ${sizes}`)
  }
  const images = measurement.epochs[0]?.images
  const baseImages = base.epochs[0]?.images
  if (images !== undefined && baseImages !== undefined && images !== baseImages) {
    notes.push(`an epoch is ${formatCount(images)} images, Single's ${formatCount(baseImages)}`)
  }
  if (measurement.backend !== base.backend && measurement.backend !== null && base.backend !== null) {
    notes.push(`not comparable: it ran on ${measurement.backend}, Single on ${base.backend}`)
  }
  return notes
}
