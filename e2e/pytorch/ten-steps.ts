import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Tensor, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { Backend } from '../../src/trainer/backend.js'
import { goldenBatch } from '../../src/trainer/golden/formula.js'
import { createResNet } from '../../src/trainer/model/resnet.js'
import { lossAndGradients } from '../../src/trainer/model/training-step.js'
import { drawnFrom } from '../../src/trainer/model/variables.js'
import { startCheck } from './pytorch.js'

export interface Deviation {
  /** Of the loss, from float64's. */
  loss: number
  /** Of the whole gradient with float64's. */
  cosine: number
}

interface ReferenceStep {
  loss: number
  /** What PyTorch makes of it in the lower precision. */
  lower: Deviation
}

export interface ComparedStep {
  tandem: Deviation
  pytorch: Deviation
}

/**
 * Ten steps of PyTorch in float64, and at each step's weights what one step of Tandem's engine and of PyTorch in lower
 * precision makes of them: steps do not build on each other's rounding, which grows without bound.
 */
export async function compareTenSteps(backend: Backend, precision: 'fp32' | 'bf16'): Promise<ComparedStep[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-ten-steps-'))
  const model = createResNet({ modelName: 'resnet18', stem: 'cifar', initialValues: drawnFrom(0) })
  const batch = goldenBatch(32)
  const images = backend.uploadImages(batch.images, 32)
  const labels = tensor1d(batch.labels, 'int32')
  const state = [...model.parameters, ...model.buffers].map(({ variable }) => variable)
  const step = backend.compile(
    (input, classes) => {
      const options = { divisor: labels.size, updateStatistics: false }
      const { loss, gradients } = lossAndGradients(model, input as Tensor, classes as Tensor, options)
      return [loss, ...gradients]
    },
    { name: 'one of ten steps', state },
  )
  const compared: ComparedStep[] = []
  try {
    const reference = startCheck('ten-steps', '--folder', folder, '--precision', precision)
    for await (const line of reference.lines()) {
      const { loss, lower } = line as ReferenceStep
      const weights = await readFloats(join(folder, 'weights'))
      let at = 0
      for (const { variable } of model.parameters) {
        const values = weights.subarray(at, at + variable.size)
        tidy(() => variable.assign(tensor(values, variable.shape)))
        at += variable.size
      }
      const [ownLoss, ...gradients] = await Promise.all((await step.run(images, labels)).map(takeValues))
      const cosine = cosineOf(gradients, await readFloats(join(folder, 'gradient')))
      compared.push({
        tandem: { loss: Math.abs((ownLoss?.[0] ?? Number.NaN) - loss), cosine },
        pytorch: { loss: Math.abs(lower.loss - loss), cosine: lower.cosine },
      })
      reference.next()
    }
    return compared
  } finally {
    await rm(folder, { recursive: true })
    step.dispose()
    images.dispose()
    labels.dispose()
    model.dispose()
  }
}

async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path)
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT)
}

async function takeValues(values: Tensor): Promise<Float32Array> {
  const read = await values.data<'float32'>()
  values.dispose()
  return read
}

function cosineOf(parts: readonly Float32Array[], whole: Float32Array): number {
  let [product, own, other, at] = [0, 0, 0, 0]
  for (const part of parts) {
    for (const value of part) {
      const expected = whole[at++] as number
      product += value * expected
      own += value * value
      other += expected * expected
    }
  }
  return product / Math.sqrt(own * other)
}
