import { scalar, type Tensor, tensor1d, type Variable } from '@tensorflow/tfjs-core'
import type { OwnModelName, Stem } from '../../shared/domain/models.js'
import type { Backend } from '../backend.js'
import { cifar10Normalisation } from '../data/normalisation.js'
import { decodeImages } from '../kernels/ops.js'
import type { Classifier, NamedVariable } from '../model/classifier.js'
import { createMomentumOptimizer } from '../model/momentum-optimizer.js'
import { createResNet } from '../model/resnet.js'
import { lossAndGradients } from '../model/training-step.js'
import { drawnFrom } from '../model/variables.js'
import { assignGoldenWeights, goldenBatch } from './formula.js'

/** One of the committed files: what was run, and what PyTorch got. */
export interface GoldenFile {
  madeWith: string
  modelName: OwnModelName
  stem: Stem
  batchSize: number
  /** SGD steps before parameters, buffers and evaluation logits are taken. */
  steps: number
  optimizer: { learningRate: number; momentum: number; weightDecay: number }
  expected: GoldenValues
}

export interface GoldenValues {
  /** Of the first step, in training mode, [N, 10] row by row. */
  logits: number[]
  /** Of each step. */
  losses: number[]
  /** Of the first step, by parameter. */
  gradients: Record<string, Summary>
  /** After the last step. */
  parameters: Record<string, Summary>
  buffers: Record<string, Summary>
  evaluationLogits: number[]
}

export interface Summary {
  /** Elements. */
  size: number
  /** Euclidean. */
  norm: number
  /** A few entries, evenly spread over the tensor in Tandem's layout. */
  samples: number[]
}

/** Runs a golden case on `backend`: the same weights, pictures and steps that PyTorch was given. */
export async function runGoldenCase(
  backend: Backend,
  { modelName, stem, batchSize, steps, optimizer }: Omit<GoldenFile, 'expected' | 'madeWith'>,
): Promise<GoldenValues> {
  const model = createResNet({ modelName, stem, initialValues: drawnFrom(0) })
  assignGoldenWeights(model)
  const batch = goldenBatch(batchSize)
  const images = backend.uploadImages(batch.images, batchSize)
  const labels = tensor1d(batch.labels, 'int32')
  try {
    const logits = await forwardLogits(backend, model, images, { training: true })
    const gradients = await firstGradients(backend, model, images, labels)
    const losses = await train(backend, model, images, labels, { steps, optimizer })
    return {
      logits,
      losses,
      gradients,
      parameters: await summaries(model.parameters),
      buffers: await summaries(model.buffers),
      evaluationLogits: await forwardLogits(backend, model, images, { training: false }),
    }
  } finally {
    images.dispose()
    labels.dispose()
    model.dispose()
  }
}

async function forwardLogits(
  backend: Backend,
  model: Classifier,
  images: Tensor,
  { training }: { training: boolean },
): Promise<number[]> {
  const forward = (input: Tensor) => [
    model.forward(decodeImages(input, cifar10Normalisation), { training, updateStatistics: false }),
  ]
  const step = backend.compile((input) => forward(input as Tensor), {
    name: training ? 'golden logits' : 'golden evaluation',
    state: variablesOf(model),
  })
  const [logits] = await step.run(images)
  step.dispose()
  return [...(await takeValues(logits as Tensor))]
}

async function firstGradients(
  backend: Backend,
  model: Classifier,
  images: Tensor,
  labels: Tensor,
): Promise<Record<string, Summary>> {
  const step = backend.compile(
    (input, classes) =>
      lossAndGradients(model, input as Tensor, classes as Tensor, {
        divisor: labels.size,
        updateStatistics: false,
      }).gradients,
    { name: 'golden gradients', state: variablesOf(model) },
  )
  const gradients = await step.run(images, labels)
  step.dispose()
  const result: Record<string, Summary> = {}
  for (const [index, { name }] of model.parameters.entries()) {
    result[name] = summarise(await takeValues(gradients[index] as Tensor))
  }
  return result
}

async function train(
  backend: Backend,
  model: Classifier,
  images: Tensor,
  labels: Tensor,
  { steps, optimizer: { learningRate, ...options } }: Pick<GoldenFile, 'steps' | 'optimizer'>,
): Promise<number[]> {
  const optimizer = createMomentumOptimizer(model.parameters, options)
  const rate = scalar(learningRate)
  const step = backend.compile(
    (input, classes, currentRate) => {
      const { loss, gradients } = lossAndGradients(model, input as Tensor, classes as Tensor, {
        divisor: labels.size,
        updateStatistics: true,
      })
      optimizer.apply(gradients, currentRate as Tensor)
      return [loss]
    },
    { name: 'golden training step', state: [...variablesOf(model), ...optimizer.velocities] },
  )
  const losses: number[] = []
  for (let index = 0; index < steps; index++) {
    const [loss] = await step.run(images, labels, rate)
    losses.push(...(await takeValues(loss as Tensor)))
  }
  step.dispose()
  rate.dispose()
  optimizer.dispose()
  return losses
}

function variablesOf(model: Classifier): Variable[] {
  return [...model.parameters, ...model.buffers].map(({ variable }) => variable)
}

async function summaries(variables: readonly NamedVariable[]): Promise<Record<string, Summary>> {
  const result: Record<string, Summary> = {}
  for (const { name, variable } of variables) result[name] = summarise(await variable.data<'float32'>())
  return result
}

const SAMPLES = 3

function summarise(values: Float32Array): Summary {
  const squares = values.reduce((sum, value) => sum + value * value, 0)
  const places = Array.from({ length: SAMPLES }, (_, k) => Math.floor(((k + 0.5) * values.length) / SAMPLES))
  return {
    size: values.length,
    norm: Math.sqrt(squares),
    samples: places.map((place) => values[place] as number),
  }
}

async function takeValues(tensor: Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>()
  tensor.dispose()
  return values
}
