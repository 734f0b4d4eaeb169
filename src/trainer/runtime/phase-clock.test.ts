import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import type { Arrival, PhaseClock } from '../backend.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import type { TensorFlowBackend } from './tensorflow-backend.js'

describeWithTensorFlow('the clock of a compiled step', () => {
  let backend: TensorFlowBackend
  beforeAll(async () => {
    backend = await tensorflowForTests()
  })

  const onEach = (tensor: tf.Tensor): Arrival[] => backend.devices.map((device) => ({ tensor, device }))

  it('tells when phases ended, in their order, on every call', async () => {
    const weight = tf.variable(tf.ones([64, 64]))
    const step = backend.compile(
      (x) => {
        const clock = backend.phaseClock() as PhaseClock
        clock.endsWith(onEach(x as tf.Tensor))
        const held = clock.holdBack(onEach(x as tf.Tensor))
        const loss = () => {
          const products = held.map((share, index) =>
            backend.withDevice(backend.devices[index] as string, () =>
              tf.matMul(tf.matMul(share, weight), weight),
            ),
          )
          clock.endsWith(
            products.map((tensor, index) => ({ tensor, device: backend.devices[index] as string })),
          )
          return tf.sum(tf.concat(products)) as tf.Scalar
        }
        const { value, grads } = tf.variableGrads(loss, [weight])
        clock.endsWithAddends()
        const gradient = grads[weight.name] as tf.Tensor
        clock.endsWith([{ tensor: gradient, device: backend.devices[0] as string }])
        clock.endsWithUpdates()
        return [value, clock.ends(), gradient]
      },
      { name: 'clock', state: [weight] },
    )
    const x = tf.ones([8, 64])
    for (let call = 0; call < 3; call++) {
      const [loss, ends, gradient] = (await step.run(x)) as [tf.Tensor, tf.Tensor, tf.Tensor]
      expect(loss.dataSync()[0]).toBe(2 * 8 * 64 * 64 * 64)
      // d sum(x w w) / d w: 8 x 64 from each side of the product, from each of two devices.
      expect(gradient.dataSync()[0]).toBe(2 * 2 * 8 * 64)
      const inOrder = [0, ...ends.dataSync()]
      expect(inOrder).toHaveLength(1 + 5)
      expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
      tf.dispose([loss, ends, gradient])
    }
    step.dispose()
    tf.dispose([x, weight])
  })

  it('is not there outside of a compiled step', () => {
    expect(backend.phaseClock()).toBeNull()
  })
})
