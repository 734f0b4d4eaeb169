import { scalar, type Tensor, tensor1d, tidy, variable } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { applyMomentum } from '../kernels/ops.js'

/** `Backend.snapshot`, for whichever backend is tfjs's now. */
export function snapshotSuite(backendOf: () => Backend): void {
  it('puts back what updates in place and assignments have changed since a snapshot, and keeps nothing', async () => {
    const backend = backendOf()
    const make = (values: number[]) => tidy(() => variable(tensor1d(values) as Tensor))
    const parameter = make([1, 2, 3])
    const velocity = make([0, 0, 0])
    const counted = make([5])
    const state = [parameter, velocity, counted]
    const step = backend.compile(
      (gradient, learningRate) => {
        const tensors = { gradient: gradient as Tensor, learningRate: learningRate as Tensor }
        applyMomentum({ ...tensors, parameter, velocity, momentum: 0.5, weightDecay: 0 })
        return []
      },
      { name: 'update', state },
    )
    const inputs = [tensor1d([1, 1, 1]), scalar(0.5)]
    const values = () => state.map((one) => [...one.dataSync()])
    await step.run(...inputs)
    const before = values()
    expect(before).toEqual([[0.5, 1.5, 2.5], [1, 1, 1], [5]])
    const resources = backend.resources()

    const restore = backend.snapshot(state)
    await step.run(...inputs)
    tidy(() => counted.assign(tensor1d([6])))
    await step.run(...inputs)
    expect(values()).not.toEqual(before)
    restore()
    expect(values()).toEqual(before)
    expect(backend.resources()).toEqual(resources)

    await step.run(...inputs)
    expect(values()).toEqual([[-0.25, 0.75, 1.75], [1.5, 1.5, 1.5], [5]])
    for (const held of [step, ...inputs, ...state]) held.dispose()
  })
}
