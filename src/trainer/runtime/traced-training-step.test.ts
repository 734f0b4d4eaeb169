import { dispose, scalar, type Tensor, tensor1d } from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import type { Classifier } from '../model/classifier.js'
import { createMomentumOptimizer } from '../model/momentum-optimizer.js'
import { createPlainNet } from '../model/plain-net.js'
import { createResNet } from '../model/resnet.js'
import { lossAndGradients } from '../model/training-step.js'
import { drawnFrom } from '../model/variables.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import type { TracedCompiledStep } from './compile.js'
import type { TensorFlowBackend } from './tensorflow-backend.js'

describeWithTensorFlow('a traced training step', () => {
  let backend: TensorFlowBackend
  beforeAll(async () => {
    backend = await tensorflowForTests()
  })

  function compileTraining(model: Classifier, onTraced: (largestConstantBytes: number) => void) {
    const optimizer = createMomentumOptimizer(model.parameters, { momentum: 0.9, weightDecay: 5e-4 })
    const variables = [...model.parameters, ...model.buffers].map(({ variable }) => variable)
    const step = backend.compile(
      (...inputs) => {
        const [images, labels, learningRate] = inputs as [Tensor, Tensor, Tensor]
        const divisor = images.shape[0] as number
        const { loss, gradients } = lossAndGradients(model, images, labels, {
          divisor,
          updateStatistics: true,
        })
        optimizer.apply(gradients, learningRate)
        onTraced(backend.kernels.binding.trace?.graph.largestConstantBytes ?? Number.NaN)
        return [loss]
      },
      { name: 'train', state: [...variables, ...optimizer.velocities] },
    ) as TracedCompiledStep
    return { step, optimizer }
  }

  it('carries no constant above 64 KiB, whatever the batch', () => {
    const model = createResNet({ modelName: 'resnet18', stem: 'torchvision', initialValues: drawnFrom(0) })
    let largestConstantBytes = Number.NaN
    const { step, optimizer } = compileTraining(model, (bytes) => {
      largestConstantBytes = bytes
    })
    const images = backend.uploadImages(new Uint8Array(512 * 3072), 512)
    const others = [tensor1d(new Int32Array(512), 'int32'), scalar(0.1)]
    expect(step.operationCount(images, ...others)).toBeGreaterThan(500)
    expect(largestConstantBytes).toBeLessThanOrEqual(64 * 1024)
    dispose([images, ...others])
    for (const owner of [step, optimizer, model]) owner.dispose()
  })

  it('holds no more tensors, handles and native memory after 1,000 steps', async () => {
    const model = createPlainNet({ initialValues: drawnFrom(0) })
    const { step, optimizer } = compileTraining(model, () => {})
    const learningRate = scalar(0.01)
    const pictures = new Uint8Array(4 * 3072).map((_, index) => index % 251)
    const runSteps = async (count: number) => {
      for (let index = 0; index < count; index++) {
        const images = backend.uploadImages(pictures, 4)
        const labels = tensor1d([0, 1, 2, 3], 'int32')
        const outputs = await step.run(images, labels, learningRate)
        outputs[0]?.dataSync()
        dispose([images, labels, ...outputs])
      }
      return { ...backend.resources(), residentBytes: process.memoryUsage.rss() }
    }
    const { residentBytes: before, ...resources } = await runSteps(300)
    const { residentBytes: after, ...resourcesAfter } = await runSteps(1_000)
    expect(resourcesAfter).toEqual(resources)
    // 1,000 leaked batches or gradients would be 48 MB or more.
    expect(after - before).toBeLessThan(30e6)
    for (const owner of [step, optimizer, model, learningRate]) owner.dispose()
  })
})
