import { scalar, sum, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { models, ownModelNames, stemNames } from '../../shared/domain/models.js'
import type { Backend } from '../backend.js'
import { cifar10Normalisation } from '../data/normalisation.js'
import { goldenBatch } from '../golden/formula.js'
import { decodeImages, softmaxCrossEntropy } from '../kernels/ops.js'
import { takeValues } from '../kernels/test-support/gradient-check.js'
import { createWasmBackend } from '../kernels/wasm/wasm-backend.js'
import type { Classifier, NamedVariable } from './classifier.js'
import { createMomentumOptimizer } from './momentum-optimizer.js'
import { createResNet } from './resnet.js'
import { countCorrectPredictions, lossAndGradients, meanLoss } from './training-step.js'
import { drawnFrom } from './variables.js'

describe('ResNet', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await createWasmBackend({ deviceCount: 1 })
  })
  afterAll(() => backend.dispose())

  it.each([
    { modelName: 'resnet18' as const, parameters: 62, buffers: 40 },
    { modelName: 'resnet34' as const, parameters: 110, buffers: 72 },
  ])("$modelName has as many tensors as torchvision's", ({ modelName, ...sizes }) => {
    const model = createResNet({ modelName, stem: 'torchvision', initialValues: drawnFrom(1) })
    const { parameters, buffers } = model
    expect({ parameters: parameters.length, buffers: buffers.length }).toEqual(sizes)
    model.dispose()
    expect(backend.resources().tensors).toBe(0)
  })

  it.each(ownModelNames.flatMap((modelName) => stemNames.map((stem) => ({ modelName, stem }))))(
    '$modelName with the $stem stem has the parameters that its table says',
    ({ modelName, stem }) => {
      const model = createResNet({ modelName, stem, initialValues: drawnFrom(1) })
      expect(model.parameterCount).toBe(models[modelName].parameters[stem])
      model.dispose()
    },
  )

  it('names parameters as PyTorch does, in its order', () => {
    const model = createResNet({ modelName: 'resnet18', stem: 'torchvision', initialValues: drawnFrom(1) })
    const names = model.parameters.map(({ name }) => name)
    expect(names.slice(0, 4)).toEqual(['conv1.weight', 'bn1.weight', 'bn1.bias', 'layer1.0.conv1.weight'])
    expect(names.filter((name) => name.startsWith('layer2.0.'))).toEqual([
      'layer2.0.conv1.weight',
      'layer2.0.bn1.weight',
      'layer2.0.bn1.bias',
      'layer2.0.conv2.weight',
      'layer2.0.bn2.weight',
      'layer2.0.bn2.bias',
      'layer2.0.downsample.0.weight',
      'layer2.0.downsample.1.weight',
      'layer2.0.downsample.1.bias',
    ])
    expect(names.slice(-2)).toEqual(['fc.weight', 'fc.bias'])
    model.dispose()
  })

  it('starts with the spread that PyTorch gives each layer', () => {
    const model = createResNet({ modelName: 'resnet18', stem: 'torchvision', initialValues: drawnFrom(1) })
    const filter = valuesOf(model.parameters, 'layer3.0.conv2.weight')
    expect(rootMeanSquare(filter)).toBeCloseTo(Math.sqrt(2 / (3 * 3 * 256)), 3)
    const linear = valuesOf(model.parameters, 'fc.weight')
    const bound = 1 / Math.sqrt(512)
    expect(Math.max(...linear)).toBeLessThanOrEqual(bound)
    expect(Math.min(...linear)).toBeGreaterThanOrEqual(-bound)
    expect(rootMeanSquare(linear)).toBeCloseTo(bound / Math.sqrt(3), 3)
    expect(new Set(valuesOf(model.parameters, 'bn1.weight'))).toEqual(new Set([1]))
    expect(new Set(valuesOf(model.parameters, 'bn1.bias'))).toEqual(new Set([0]))
    model.dispose()
  })

  it('starts alike from one seed, and differently from another, beside other models', () => {
    const models = [5, 5, 6].map((seed) =>
      createResNet({ modelName: 'resnet18', stem: 'cifar', initialValues: drawnFrom(seed) }),
    )
    const [first, same, other] = models.map((model) => valuesOf(model.parameters, 'layer1.0.conv1.weight'))
    expect(same).toEqual(first)
    expect(other).not.toEqual(first)
    for (const model of models) model.dispose()
  })

  it('assigns running statistics only where told to, and needs them to evaluate', () => {
    const model = createResNet({ modelName: 'resnet18', stem: 'torchvision', initialValues: drawnFrom(1) })
    const { images, labels, dispose } = randomBatch(backend, 8)
    const runningMean = () => valuesOf(model.buffers, 'bn1.running_mean')
    const evaluate = () =>
      takeValue(
        tidy(() => {
          const decoded = decodeImages(images, cifar10Normalisation)
          const logits = model.forward(decoded, { training: false, updateStatistics: false })
          return sum(softmaxCrossEntropy(logits, labels))
        }),
      )
    const untouched = runningMean()
    const lossBefore = evaluate()

    takeValue(tidy(() => meanLoss(model, images, labels, { divisor: 8, updateStatistics: false })))
    expect(runningMean()).toEqual(untouched)
    expect(evaluate()).toBe(lossBefore)

    takeValue(tidy(() => meanLoss(model, images, labels, { divisor: 8, updateStatistics: true })))
    expect(runningMean()).not.toEqual(untouched)
    expect(evaluate()).not.toBe(lossBefore)
    dispose()
    model.dispose()
  })

  it('counts the pictures that it classifies right', () => {
    const model = createResNet({ modelName: 'resnet18', stem: 'torchvision', initialValues: drawnFrom(3) })
    const { images, dispose } = randomBatch(backend, 6)
    const logits = tidy(() =>
      model.forward(decodeImages(images, cifar10Normalisation), { training: false, updateStatistics: false }),
    )
    const best = [...argMaxOfRows(takeValues(logits), 10)]
    const labels = tensor1d([...best.slice(0, 4), ...best.slice(4).map((label) => (label + 1) % 10)], 'int32')
    expect(takeValue(tidy(() => countCorrectPredictions(model, images, labels)))).toBe(4)
    for (const held of [labels, model]) held.dispose()
    dispose()
  })

  it('learns a batch by heart', async () => {
    const model = createResNet({ modelName: 'resnet18', stem: 'torchvision', initialValues: drawnFrom(1) })
    const { images, labels, dispose } = randomBatch(backend, 16)
    const train = trainer(backend, model, 16)
    const losses: number[] = []
    for (let step = 0; step < 20; step++) losses.push(await train.step(images, labels))
    expect(losses.at(0)).toBeGreaterThan(2)
    expect(losses.at(-1)).toBeLessThan(0.2)
    train.dispose()
    dispose()
    model.dispose()
    expect(backend.resources().tensors).toBe(0)
  })
})

/** Noise in ten classes. */
function randomBatch(backend: Backend, size: number) {
  const batch = goldenBatch(size)
  const images = backend.uploadImages(batch.images, size)
  const labels = tensor1d(batch.labels, 'int32')
  const dispose = () => {
    images.dispose()
    labels.dispose()
  }
  return { images, labels, dispose }
}

function trainer(backend: Backend, model: Classifier, batchSize: number) {
  const optimizer = createMomentumOptimizer(model.parameters, { momentum: 0.9, weightDecay: 5e-4 })
  const learningRate = scalar(0.01)
  const variables = [...model.parameters, ...model.buffers].map(({ variable }) => variable)
  const compiled = backend.compile(
    (images, labels, rate) => {
      const options = { divisor: batchSize, updateStatistics: true }
      const { loss, gradients } = lossAndGradients(model, images as Tensor, labels as Tensor, options)
      optimizer.apply(gradients, rate as Tensor)
      return [loss]
    },
    { name: 'step', state: [...variables, ...optimizer.velocities] },
  )
  return {
    async step(images: Tensor, labels: Tensor): Promise<number> {
      const [loss] = await compiled.run(images, labels, learningRate)
      return takeValue(loss as Tensor)
    },
    dispose() {
      for (const held of [compiled, optimizer, learningRate]) held.dispose()
    },
  }
}

function valuesOf(variables: readonly NamedVariable[], name: string): Float32Array {
  const found = variables.find((named) => named.name === name) as NamedVariable
  return found.variable.dataSync<'float32'>()
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

function argMaxOfRows(values: Float32Array, length: number): number[] {
  return Array.from({ length: values.length / length }, (_, row) => {
    const logits = values.subarray(row * length, (row + 1) * length)
    return logits.indexOf(Math.max(...logits))
  })
}

function takeValue(tensor: Tensor): number {
  return takeValues(tensor)[0] as number
}
