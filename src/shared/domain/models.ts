import { z } from 'zod'

/** The networks that can be trained, and how they begin. */
export const modelNames = ['resnet18', 'resnet34'] as const
export const stemNames = ['torchvision', 'cifar'] as const

export const modelNameSchema = z.enum(modelNames)
export const stemSchema = z.enum(stemNames)

export type ModelName = z.infer<typeof modelNameSchema>
export type Stem = z.infer<typeof stemSchema>

export interface ModelFacts {
  title: string
  /** Trainable parameters with 10 classes. */
  parameters: Readonly<Record<Stem, number>>
  /** What builds it: `src/trainer/model/create-model.ts` knows this key. */
  builder: 'resnet'
}

export const models: Readonly<Record<ModelName, ModelFacts>> = {
  resnet18: {
    title: 'ResNet-18',
    parameters: { torchvision: 11_181_642, cifar: 11_173_962 },
    builder: 'resnet',
  },
  resnet34: {
    title: 'ResNet-34',
    parameters: { torchvision: 21_289_802, cifar: 21_282_122 },
    builder: 'resnet',
  },
}

export const stems: Readonly<Record<Stem, string>> = {
  torchvision: 'torchvision (7x7, max-pool)',
  cifar: 'cifar (3x3)',
}

/** Bytes of the gradients of one step, as they are exchanged: 4 a parameter. */
export function gradientBytes(modelName: ModelName, stem: Stem): number {
  return models[modelName].parameters[stem] * Float32Array.BYTES_PER_ELEMENT
}
