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
}

/**
 * What a step would take on other devices and with another batch: update + images a device x msPerImage + all-reduce.
 * Compute grows with the images of a device, the update with nothing, the all-reduce by bus bandwidth; nothing overlaps.
 * So the model knows no latency, no slower links between more devices, no batch too small to fill a device, and no
 * memory that runs out: it is drawn as a model, not as a promise.
 */
export interface StepModel {
  msPerImage: number
  updateMs: number
  gradientBytes: number
  busBytesPerSecond: number
}

/**
 * The model through one measured step. Null where there is nothing to tell compute from communication by: one device,
 * or an exchange that is part of the compiled step.
 */
export function fitStepModel(measured: MeasuredStep): StepModel | null {
  const { devices, perDeviceBatchSize, stepMs, communicationMs, updateMs, gradientBytes } = measured
  if (devices < 2 || communicationMs <= 0) return null
  const { busBytesPerSecond } = allReduceBandwidth({ bytes: gradientBytes, ms: communicationMs, devices })
  const msPerImage = (stepMs - communicationMs - updateMs) / perDeviceBatchSize
  return { msPerImage, updateMs, gradientBytes, busBytesPerSecond }
}

export interface Prediction {
  stepMs: number
  communicationMs: number
  imagesPerSecond: number
  /** Over the base's measured images/s, whatever the batch. */
  speedup: number
  efficiency: number
}

/** "What if" it were so many devices with so many images each? At the measured ones it is what was measured. */
export function predictStep(
  model: StepModel,
  baseImagesPerSecond: number,
  { devices, perDeviceBatchSize }: { devices: number; perDeviceBatchSize: number },
): Prediction {
  const communicationMs = allReduceMs(model.gradientBytes, devices, model.busBytesPerSecond)
  const stepMs = model.updateMs + model.msPerImage * perDeviceBatchSize + communicationMs
  const imagesPerSecond = (devices * perDeviceBatchSize * 1000) / stepMs
  const speedup = imagesPerSecond / baseImagesPerSecond
  return { stepMs, communicationMs, imagesPerSecond, speedup, efficiency: speedup / devices }
}
