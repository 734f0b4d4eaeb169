import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  add,
  clone,
  env,
  scalar,
  type Tensor,
  tensor1d,
  tensor4d,
  backend as tfjsBackend,
  tidy,
  variable,
  zeros,
} from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Backend, CompiledStep } from '../../backend.js'
import { createMomentumOptimizer } from '../../model/momentum-optimizer.js'
import { createPlainNet } from '../../model/plain-net.js'
import { lossAndGradients } from '../../model/training-step.js'
import { drawnFrom } from '../../model/variables.js'
import { snapshotSuite } from '../../test-support/snapshot-suite.js'
import { applyMomentum, conv2d } from '../ops.js'
import { createWasmBackend } from './wasm-backend.js'

describe('the wasm backend', () => {
  let backend: Backend
  beforeEach(async () => {
    backend = await createWasmBackend({ deviceCount: 2 })
  })
  afterEach(() => backend.dispose())

  it('starts again after it was disposed of', async () => {
    backend.dispose()
    backend = await createWasmBackend({ deviceCount: 1 })
    expect(tidy(() => add(scalar(1), scalar(2)).dataSync()[0])).toBe(3)
  })

  it('leaves the handlers of last resort to the process', async () => {
    const handlers = () => [process.listeners('uncaughtException'), process.listeners('unhandledRejection')]
    const own = () => {}
    process.on('unhandledRejection', own)
    onTestFinished(() => void process.off('unhandledRejection', own))
    const before = handlers()
    backend.dispose()
    expect(handlers()).toEqual(before)
    backend = await createWasmBackend({ deviceCount: 1 })
    expect(handlers()).toEqual(before)
  })

  it('refuses to start twice at a time', async () => {
    await expect(createWasmBackend({ deviceCount: 1 })).rejects.toThrow(/second wasm backend/)
  })

  it('trains a thousand steps without keeping anything', async () => {
    onTestFinished(() => env().set('IS_TEST', false))
    // Makes tfjs check after each kernel that it left no memory behind.
    env().set('IS_TEST', true)
    const training = startTraining(backend)
    await training.step()
    const before = backend.resources()
    for (let index = 0; index < 1_000; index++) await training.step()
    expect(backend.resources()).toEqual(before)
    training.dispose()
    expect(backend.resources()).toEqual({ tensors: 0, handles: 0, functions: 0 })
  })

  it('leaves the event loop free between steps', async () => {
    const step = backend.compile((x) => [add(x as Tensor, 1)], { name: 'step', state: [] })
    const x = scalar(0)
    let turns = 0
    const count = () => {
      turns++
      waiting = setImmediate(count)
    }
    let waiting = setImmediate(count)
    for (let index = 0; index < 5; index++) for (const result of await step.run(x)) result.dispose()
    clearImmediate(waiting)
    expect(turns).toBeGreaterThanOrEqual(4)
  })

  it('refuses a call while another of the same step runs', async () => {
    const step = backend.compile((x) => [add(x as Tensor, 1)], { name: 'the step', state: [] })
    const x = scalar(0)
    const first = step.run(x)
    await expect(step.run(x)).rejects.toThrow(/the step was called while/)
    expect(await first).toHaveLength(1)
  })

  it('names the variable that a step assigns but did not declare', async () => {
    const declared = variable(scalar(0), true, 'declared')
    const other = variable(scalar(0), true, 'other')
    const assigning = backend.compile(
      (x) => {
        declared.assign(x as Tensor<never>)
        other.assign(x as Tensor<never>)
        return []
      },
      { name: 'assigning', state: [declared] },
    )
    await expect(assigning.run(scalar(1))).rejects.toThrow(/assigning assigns the variable other/)

    const updating = backend.compile(
      (gradient) => {
        const learningRate = scalar(0.1)
        const options = { momentum: 0.9, weightDecay: 0, learningRate, gradient: gradient as Tensor }
        applyMomentum({ parameter: declared, velocity: other, ...options })
        return []
      },
      { name: 'updating', state: [declared] },
    )
    await expect(updating.run(scalar(1))).rejects.toThrow(/the variable other/)
  })

  it('does not change a clone of a variable that is updated in place', () => {
    const parameter = variable(tensor1d([1, 2]))
    const velocity = variable(tensor1d([0, 0]))
    const before = clone(parameter)
    applyMomentum({
      parameter,
      velocity,
      gradient: tensor1d([1, 1]),
      learningRate: scalar(1),
      momentum: 0,
      weightDecay: 0,
    })
    expect([...before.dataSync()]).toEqual([1, 2])
    expect([...parameter.dataSync()]).toEqual([0, 1])
  })

  it('convolves with a filter as it is after an update, not as XNNPACK packed it before', () => {
    const x = tensor4d(new Float32Array(64).fill(1), [1, 8, 8, 1])
    const filter = variable(tensor4d([2], [1, 1, 1, 1]))
    const velocity = variable(zeros([1, 1, 1, 1]))
    const convolve = () => conv2d(x, filter, { strides: 1, padding: 0 }).dataSync()[0]
    expect(convolve()).toBe(2)
    applyMomentum({
      parameter: filter,
      velocity,
      gradient: tensor4d([1], [1, 1, 1, 1]),
      learningRate: scalar(0.5),
      momentum: 0,
      weightDecay: 0,
    })
    expect(convolve()).toBe(1.5)
  })

  snapshotSuite(() => backend)

  it('knows its devices', () => {
    expect(backend.devices).toEqual(['wasm:0', 'wasm:1'])
    expect(backend.withDevice('wasm:1', () => 7)).toBe(7)
    expect(() => backend.withDevice('wasm:2', () => 7)).toThrow(/no device wasm:2/)
  })

  it('says when memory runs out', () => {
    const allocate = (elements: number) => (tfjsBackend() as BackendWasm).makeOutput([elements], 'float32')
    expect(() => allocate(2 ** 30 - 4_096)).toThrow(/no memory left for 4096 MiB/)
    expect(() => allocate(2 ** 31)).toThrow(/no memory left for 8192 MiB/)
  })
})

/** One step of the plain network after another, on the same batch. */
function startTraining(backend: Backend): { step(): Promise<void>; dispose(): void } {
  const model = createPlainNet({ initialValues: drawnFrom(1) })
  const optimizer = createMomentumOptimizer(model.parameters, { momentum: 0.9, weightDecay: 5e-4 })
  const images = backend.uploadImages(new Uint8Array(2 * 32 * 32 * 3).fill(100), 2)
  const labels = tensor1d([3, 4], 'int32')
  const learningRate = scalar(0.01)
  const compiled: CompiledStep = backend.compile(
    (input, classes, rate) => {
      const options = { divisor: 2, updateStatistics: true }
      const { loss, gradients } = lossAndGradients(model, input as Tensor, classes as Tensor, options)
      optimizer.apply(gradients, rate as Tensor)
      return [loss]
    },
    { name: 'step', state: [...model.parameters.map(({ variable }) => variable), ...optimizer.velocities] },
  )
  return {
    async step() {
      for (const result of await compiled.run(images, labels, learningRate)) result.dispose()
    },
    dispose() {
      for (const held of [compiled, images, labels, learningRate, optimizer, model]) held.dispose()
    },
  }
}
