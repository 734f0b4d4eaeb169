import { z } from 'zod'
import { torchvisionParameters } from './torchvision-models.js'

/** The networks that can be trained, and how they begin. */
export const ownModelNames = ['resnet18', 'resnet34'] as const
const torchvisionNames = Object.keys(torchvisionParameters) as (keyof typeof torchvisionParameters)[]
export type OwnModelName = (typeof ownModelNames)[number]

export const modelNames = [...ownModelNames, ...torchvisionNames]
export const stemNames = ['torchvision', 'cifar'] as const

export const modelNameSchema = z.enum(modelNames)
export const stemSchema = z.enum(stemNames)

export type ModelName = z.infer<typeof modelNameSchema>
export type Stem = z.infer<typeof stemSchema>

/** `resnet` is what Tandem's own trainer builds; `torchvision` what only torchvision can. */
export type ModelBuilder = 'resnet' | 'torchvision'

export interface ModelFacts {
  title: string
  /** Trainable parameters with 10 classes; null for a stem that it cannot have. */
  parameters: Readonly<Record<'torchvision', number> & Record<'cifar', number | null>>
  /** For Tandem's own, what `src/trainer/model/create-model.ts` knows it by. */
  builder: ModelBuilder
}

const ownModels: Readonly<Record<OwnModelName, ModelFacts>> = {
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

export const models: Readonly<Record<ModelName, ModelFacts>> = {
  ...ownModels,
  ...(Object.fromEntries(
    torchvisionNames.map((name) => [
      name,
      { title: name, parameters: torchvisionParameters[name], builder: 'torchvision' },
    ]),
  ) as Record<(typeof torchvisionNames)[number], ModelFacts>),
}

export const stems: Readonly<Record<Stem, string>> = {
  torchvision: 'torchvision (7x7, max-pool)',
  cifar: 'cifar (3x3)',
}

/** Whether Tandem's own trainer builds it. */
export function isOwnModel(name: ModelName): name is OwnModelName {
  return models[name].builder === 'resnet'
}

/** Bytes of the gradients of one step, as they are exchanged: 4 a parameter. */
export function gradientBytes(modelName: ModelName, stem: Stem): number {
  const { parameters } = models[modelName]
  return (parameters[stem] ?? parameters.torchvision) * Float32Array.BYTES_PER_ELEMENT
}
