import { scalar, type Tensor, tensor1d, tidy, variable } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { createWasmBackend } from '../kernels/wasm/wasm-backend.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import { createLossScale } from './loss-scale.js'
import { createMomentumOptimizer } from './momentum-optimizer.js'

const settings = { momentum: 0.9, weightDecay: 0.05 }

/** Three steps with given (real) gradients; returns parameter, velocity and the factor after each. */
async function train(backend: Backend, scaled: boolean, gradients: number[][], growthInterval = 2_000) {
  const parameter = variable(tensor1d([1, -2, 3]))
  const lossScale = scaled ? createLossScale({ initialScale: 1024, growthInterval }) : null
  const optimizer = createMomentumOptimizer([{ name: 'w', variable: parameter }], { ...settings, lossScale })
  const step = backend.compile(
    (gradient, learningRate) => {
      optimizer.apply([gradient as Tensor], learningRate as Tensor)
      return []
    },
    { name: 'update', state: [parameter, ...optimizer.velocities, ...(lossScale?.variables ?? [])] },
  )
  const learningRate = scalar(0.1)
  const history: { parameter: number[]; velocity: number[]; factor: number | undefined }[] = []
  for (const values of gradients) {
    const gradient = tidy(() => tensor1d(values.map((value) => value * (scaled ? factorOf(lossScale) : 1))))
    await step.run(gradient, learningRate)
    gradient.dispose()
    history.push({
      parameter: [...parameter.dataSync()],
      velocity: [...(optimizer.velocities[0]?.dataSync() ?? [])],
      factor: lossScale?.variables[0]?.dataSync()[0],
    })
  }
  step.dispose()
  for (const held of [learningRate, parameter, optimizer, lossScale]) held?.dispose()
  return history
}

function factorOf(lossScale: ReturnType<typeof createLossScale> | null): number {
  return lossScale?.variables[0]?.dataSync()[0] ?? 1
}

function lossScaleSuite(backend: () => Backend): void {
  const ordinary = [
    [0.5, -0.25, 1],
    [0.125, 0.5, -1],
  ]

  it('trains as without it while gradients are finite', async () => {
    const plain = await train(backend(), false, ordinary)
    const scaled = await train(backend(), true, ordinary)
    expect(scaled.map(({ parameter }) => parameter)).toEqual(plain.map(({ parameter }) => parameter))
    expect(scaled.map(({ velocity }) => velocity)).toEqual(plain.map(({ velocity }) => velocity))
  })

  it.each([Number.POSITIVE_INFINITY, Number.NaN])(
    'skips a step with %d among its gradients and halves the factor',
    async (overflow) => {
      const [before, after] = await train(backend(), true, [
        [0.5, -0.25, 1],
        [0.5, overflow, 1],
      ])
      expect(after?.parameter).toEqual(before?.parameter)
      after?.velocity.forEach((value, index) => {
        expect(value).toBeCloseTo(before?.velocity[index] as number, 6)
      })
      expect([before?.factor, after?.factor]).toEqual([1024, 512])
    },
  )

  it('doubles the factor after as many good steps as the interval says', async () => {
    const history = await train(backend(), true, [...ordinary, ...ordinary, ...ordinary], 3)
    expect(history.map(({ factor }) => factor)).toEqual([1024, 1024, 2048, 2048, 2048, 4096])
  })
}

describe('loss scaling on wasm', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await createWasmBackend({ deviceCount: 1 })
  })
  afterAll(() => backend.dispose())
  lossScaleSuite(() => backend)
})

describeWithTensorFlow('loss scaling in a traced step', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await tensorflowForTests()
  })
  lossScaleSuite(() => backend)
})
