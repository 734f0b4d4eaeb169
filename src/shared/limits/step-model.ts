import { allReduceBandwidth, allReduceMs } from './all-reduce.js'

/** The mean step of DDP as it was measured. */
export interface MeasuredStep {
  devices: number
  perDeviceBatchSize: number
  stepMs: number
  /** Of it, the exchange of gradients that nothing else overlapped. */
  communicationMs: number
  /** Of it, what takes as long for any batch: the update. */
  updateMs: number
  /** Of the gradients that are exchanged. */
  gradientBytes: number
  /** Where the exchange was measured by itself as well, and may go on while gradients are still computed. */
  overlap?: { aloneMs: number; gradientsMs: number } | null
}

/**
 * What a step would take on other devices, with another batch and over another link: update + images a device x msPerImage
 * + the part of the all-reduce that is exposed. Compute grows with the images of a device, the update with nothing, the
 * all-reduce by bus bandwidth. So the model knows no latency, no slower links between more devices, no batch too small to
 * fill a device, and no memory that runs out: it is drawn as a model, not as a promise.
 */
export interface StepModel {
  msPerImage: number
  updateMs: number
  gradientBytes: number
  busBytesPerSecond: number
  /** What hides a part of the all-reduce; null where nothing is known to. */
  hiding: Hiding | null
}

/**
 * An exchange in buckets goes on while later gradients are computed, so what is left of it at the end is the longer of two:
 * all of it without that time, and the last bucket, which nothing can hide.
 */
export interface Hiding {
  /** For how long it may go on hidden, an image of a device. */
  msPerImage: number
  /** The share of the all-reduce that stays exposed on the fastest link. */
  leastExposed: number
}

/**
 * The model through one measured step. Null where there is nothing to tell compute from communication by: one device,
 * or an exchange that is part of the compiled step.
 */
export function fitStepModel(measured: MeasuredStep): StepModel | null {
  const { devices, perDeviceBatchSize, stepMs, communicationMs, updateMs, gradientBytes } = measured
  if (devices < 2 || communicationMs <= 0) return null
  const hidden = hiddenMs(measured)
  const ms = hidden === null ? communicationMs : (measured.overlap?.aloneMs ?? communicationMs)
  const { busBytesPerSecond } = allReduceBandwidth({ bytes: gradientBytes, ms, devices })
  const msPerImage = (stepMs - communicationMs - updateMs) / perDeviceBatchSize
  const hiding =
    hidden === null ? null : { msPerImage: hidden / perDeviceBatchSize, leastExposed: communicationMs / ms }
  return { msPerImage, updateMs, gradientBytes, busBytesPerSecond, hiding }
}

/** Null where nothing is hidden: the exchange takes as long within a step as by itself, or longer. */
function hiddenMs({ overlap = null, communicationMs }: MeasuredStep): number | null {
  if (overlap === null || overlap.aloneMs <= communicationMs) return null
  // An exchange longer than the gradients shows how much is hidden; a shorter one has been hidden as far as it can be.
  return overlap.aloneMs > overlap.gradientsMs ? overlap.aloneMs - communicationMs : overlap.gradientsMs
}

/** What is asked of the model. */
export interface StepQuestion {
  devices: number
  perDeviceBatchSize: number
  /** Times the bandwidth that was measured; absent is 1. */
  linkFactor?: number
}

/** Of an all-reduce between so many devices, what computing does not hide; 0 for one device. In milliseconds. */
export function exposedMs(
  model: StepModel,
  { devices, perDeviceBatchSize, linkFactor = 1 }: StepQuestion,
): number {
  const aloneMs = allReduceMs(model.gradientBytes, devices, model.busBytesPerSecond * linkFactor)
  if (model.hiding === null) return aloneMs
  const { msPerImage, leastExposed } = model.hiding
  return Math.max(aloneMs - msPerImage * perDeviceBatchSize, aloneMs * leastExposed)
}

export interface Prediction {
  stepMs: number
  communicationMs: number
  imagesPerSecond: number
  /** Over the base's measured images/s, whatever the batch. */
  speedup: number
  efficiency: number
}

/** "What if" it were so many devices with so many images each, and another link? At the measured ones it is what was measured. */
export function predictStep(
  model: StepModel,
  baseImagesPerSecond: number,
  question: StepQuestion,
): Prediction {
  const { devices, perDeviceBatchSize } = question
  const communicationMs = exposedMs(model, question)
  const stepMs = model.updateMs + model.msPerImage * perDeviceBatchSize + communicationMs
  const imagesPerSecond = (devices * perDeviceBatchSize * 1000) / stepMs
  const speedup = imagesPerSecond / baseImagesPerSecond
  return { stepMs, communicationMs, imagesPerSecond, speedup, efficiency: speedup / devices }
}
