import type { ModelName, Stem } from './run-configuration.js'

/** Trainable parameters, with 10 classes. */
const parameterCounts: Readonly<Record<ModelName, Readonly<Record<Stem, number>>>> = {
  resnet18: { torchvision: 11_181_642, cifar: 11_173_962 },
  resnet34: { torchvision: 21_289_802, cifar: 21_282_122 },
}

/** Bytes of the gradients of one step, as they are exchanged: 4 a parameter. */
export function gradientBytes(modelName: ModelName, stem: Stem): number {
  return parameterCounts[modelName][stem] * Float32Array.BYTES_PER_ELEMENT
}
