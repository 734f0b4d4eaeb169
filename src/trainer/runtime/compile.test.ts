import { add, mul, scalar, tensor1d, tidy, variable } from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { snapshotSuite } from '../test-support/snapshot-suite.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import type { TensorFlowBackend } from './tensorflow-backend.js'

describeWithTensorFlow('compile', () => {
  let backend: TensorFlowBackend
  beforeAll(async () => {
    backend = await tensorflowForTests()
  })

  it('runs a step as one call and updates its state in place', async () => {
    const total = variable(scalar(10))
    const step = backend.compile(
      (x) => {
        total.assign(add(total, x as never))
        return [mul(total, 2)]
      },
      { name: 'accumulate', state: [total] },
    )
    const x = scalar(3)
    const [first] = await step.run(x)
    const [second] = await step.run(x)
    expect(first?.dataSync()[0]).toBe(26)
    expect(second?.dataSync()[0]).toBe(32)
    expect(total.dataSync()[0]).toBe(16)
    tidy(() => total.assign(scalar(100)))
    const [third] = await step.run(x)
    expect(third?.dataSync()[0]).toBe(206)
    step.dispose()
    expect(total.dataSync()[0]).toBe(103)
    expect(tensor1d([1, 2]).dataSync()[1]).toBe(2)
  })

  snapshotSuite(() => backend)
})
