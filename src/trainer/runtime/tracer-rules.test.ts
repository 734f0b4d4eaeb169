import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it, vi } from 'vitest'
import type { CompileOptions, Step } from '../backend.js'
import { conv2d, decodeImages } from '../kernels/ops.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import { attribute } from './attributes.js'
import { dtypes } from './dtype.js'
import { Graph } from './graph.js'
import type { TensorFlowBackend } from './tensorflow-backend.js'

const stateless: CompileOptions = { name: 'test', state: [] }

describeWithTensorFlow('the tracer', () => {
  let backend: TensorFlowBackend
  beforeAll(async () => {
    backend = await tensorflowForTests()
  })

  /** Runs once and returns the first output's values; disposes everything. */
  async function once(step: Step, inputs: tf.Tensor[], options = stateless): Promise<number[]> {
    const compiled = backend.compile(step, options)
    try {
      const outputs = await compiled.run(...inputs)
      const values = Array.from(outputs[0]?.dataSync() ?? [])
      tf.dispose(outputs)
      return values
    } finally {
      compiled.dispose()
    }
  }

  it('orders reads before writes: read, assign, read is right every time', async () => {
    const value = tf.variable(tf.zeros([4096]))
    // What is assigned does not depend on what was read: only a control edge puts the read first.
    const step = backend.compile(
      (next) => {
        const before = tf.max(value)
        value.assign(tf.add(tf.fill([4096], 0), next as tf.Scalar))
        return [before, tf.max(value)]
      },
      { name: 'read-assign-read', state: [value] },
    )
    for (let call = 0; call < 200; call++) {
      const next = tf.scalar(call + 1)
      const outputs = await step.run(next)
      expect(outputs.map((output) => output.dataSync()[0])).toEqual([call, call + 1])
      tf.dispose([next, ...outputs])
    }
    step.dispose()
    value.dispose()
  })

  it('uploads a captured host value for good, so that it is usable after the trace', async () => {
    const pending = tf.tensor1d([1, 2, 3])
    expect(await once((x) => [tf.add(x as tf.Tensor, pending)], [tf.scalar(10)])).toEqual([11, 12, 13])
    expect(Array.from(tf.mul(pending, 2).dataSync())).toEqual([2, 4, 6])
  })

  it('keeps a captured value alive after its tensor is disposed', async () => {
    const captured = tf.tensor1d([5, 6])
    const step = backend.compile((x) => [tf.add(x as tf.Tensor, captured)], stateless)
    const x = tf.scalar(1)
    step.prepare(x)
    captured.dispose()
    const [sum] = await step.run(x)
    expect(Array.from(sum?.dataSync() ?? [])).toEqual([6, 7])
    step.dispose()
  })

  it('restores every variable when a trace fails', () => {
    const state = tf.variable(tf.scalar(7))
    const other = tf.variable(tf.scalar(8))
    const step = backend.compile(
      () => {
        state.assign(tf.scalar(0))
        other.assign(tf.scalar(0))
        throw new Error('halfway')
      },
      { name: 'fails', state: [state] },
    )
    expect(() => step.prepare()).toThrow(/step "fails" failed: halfway/)
    expect(state.dataSync()[0]).toBe(7)
    expect(other.dataSync()[0]).toBe(8)
    step.dispose()
    state.dispose()
    other.dispose()
  })

  it('writes uniform tensors as Fill and takes large ones as inputs: no constant above 64 KiB', async () => {
    const constants: number[] = []
    const large = Float32Array.from({ length: 40_000 }, (_, index) => index)
    const compiled = backend.compile((x) => {
      const scaled = tf.mul(tf.ones([300, 300]), x as tf.Tensor)
      const added = tf.add(tf.sum(tf.tensor1d(large)), tf.sum(tf.zeros([500, 500])))
      const trace = backend.kernels.binding.trace
      constants.push(trace?.graph.largestConstantBytes ?? -1)
      return [tf.add(tf.sum(scaled), added)]
    }, stateless)
    const [sum] = await compiled.run(tf.scalar(2))
    expect(sum?.dataSync()[0]).toBeCloseTo(300 * 300 * 2 + (39_999 * 40_000) / 2, -3)
    expect(constants[0]).toBeGreaterThan(0)
    expect(constants[0]).toBeLessThanOrEqual(64 * 1024)
    compiled.dispose()
  })

  it.each([
    ['randomUniform', () => tf.randomUniform([4])],
    ['randomNormal', () => tf.randomNormal([4])],
    ['dropout', () => tf.dropout(tf.ones([4]), 0.5)],
  ])('refuses %s by name, since every call would repeat it', async (_name, draw) => {
    await expect(once((x) => [tf.add(x as tf.Tensor, draw())], [tf.scalar(0)])).rejects.toMatchObject({
      code: 'trace-random',
      message: expect.stringMatching(/random|dropout/i),
    })
  })

  it('lets a draw with its own seed through, which repeats in eager mode too', async () => {
    const draw = () => tf.randomUniform([3], 0, 1, 'float32', 42)
    const eager = Array.from(draw().dataSync())
    expect(await once(() => [draw()], [])).toEqual(eager)
  })

  it('takes pictures in as uint8 only through decodeImages', async () => {
    const images = backend.uploadImages(new Uint8Array(2 * 3072).fill(255), 2)
    const decode: Step = (x) => [
      decodeImages(x as tf.Tensor, { mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.25] }),
    ]
    const decoded = await once(decode, [images])
    expect(decoded.slice(0, 3)).toEqual([1, 1, 2].map((value) => expect.closeTo(value, 5)))
    await expect(once((x) => [tf.cast(x as tf.Tensor, 'float32')], [images])).rejects.toMatchObject({
      code: 'tensorflow-invalid',
    })
  })

  it('compiles once a set of shapes', async () => {
    let traces = 0
    const step = backend.compile((x) => {
      traces++
      return [tf.sum(x as tf.Tensor)]
    }, stateless)
    for (const length of [4, 4, 3, 4, 3]) tf.dispose(await step.run(tf.ones([length])))
    expect(traces).toBe(2)
    step.dispose()
  })

  it('places each gradient operation on the device of its forward operation', () => {
    const filters = [0, 1].map(() => tf.variable(tf.ones([3, 3, 2, 2])))
    const devices = new Map<string, string[]>()
    const binding = backend.kernels.binding
    const execute = binding.executeOp.bind(binding)
    const spy = vi.spyOn(binding, 'executeOp').mockImplementation((name, attributes, ids, outputs) => {
      devices.set(name, [...(devices.get(name) ?? []), binding.device])
      return execute(name, attributes, ids, outputs)
    })
    const step = backend.compile(
      (x) => {
        const loss = () => {
          const outputs = backend.devices.map((device, index) =>
            backend.withDevice(device, () =>
              conv2d(
                conv2d(x as tf.Tensor, filters[0] as tf.Tensor as never, { strides: 1, padding: 1 }),
                filters[index] as tf.Tensor as never,
                { strides: 1, padding: 1 },
              ),
            ),
          )
          return tf.mean(tf.stack(outputs)) as tf.Scalar
        }
        const { grads } = tf.variableGrads(loss, filters)
        return Object.values(grads)
      },
      { name: 'placement', state: filters },
    )
    step.prepare(tf.ones([1, 4, 4, 2]))
    spy.mockRestore()
    const [first, second] = backend.devices
    expect(devices.get('Conv2D')).toEqual([first, first, second, second])
    expect(devices.get('Conv2DBackpropFilter')?.toSorted()).toEqual([first, first, second, second])
    expect(devices.get('Conv2DBackpropInput')?.toSorted()).toEqual([first, second])
    step.dispose()
    tf.dispose(filters)
  })

  it('adds up the gradients of a tensor where they are, and those of a variable that devices share outside', () => {
    const filter = tf.variable(tf.ones([3, 3, 2, 2]))
    const [first, second] = backend.devices as [string, string]
    const added = vi.spyOn(Graph.prototype, 'add')
    const step = backend.compile(
      (x) => {
        const loss = () => {
          const outputs = backend.devices.map((device) =>
            backend.withDevice(device, () => {
              const hidden = conv2d(x as tf.Tensor, filter, { strides: 1, padding: 1 })
              return tf.add(conv2d(hidden, filter, { strides: 1, padding: 1 }), hidden)
            }),
          )
          return tf.sum(tf.stack(outputs)) as tf.Scalar
        }
        return backend.withDevice(first, () => Object.values(tf.variableGrads(loss, [filter]).grads))
      },
      { name: 'accumulation', state: [filter] },
    )
    step.prepare(tf.ones([1, 4, 4, 2]))
    const sums = added.mock.calls.flatMap(([{ type, device }]) => (type === 'Add' ? [device] : []))
    added.mockRestore()
    // The residual sums; then, last replica first: the hidden layer's gradients and the filter's, on each.
    expect(sums).toEqual([first, second, second, second, first, first, first])
    step.dispose()
    filter.dispose()
  })

  it('names the operation when a step reads a value', async () => {
    await expect(
      once((x) => [tf.scalar((x as tf.Tensor).dataSync()[0] as number)], [tf.scalar(1)]),
    ).rejects.toMatchObject({ code: 'trace-value-read' })
  })

  it('names the operation whose shape depends on values', async () => {
    const where: Step = (x) => [
      backend.kernels.executeSingleOutput('Where', [attribute.type('T', dtypes.float32)], [x as tf.Tensor]),
    ]
    await expect(once(where, [tf.ones([3])])).rejects.toMatchObject({
      code: 'trace-unknown-shape',
      message: expect.stringContaining('Where'),
    })
  })

  it('refuses to read or assign a variable that is not in the state', async () => {
    const foreign = tf.variable(tf.scalar(3), false, 'foreign_weight')
    const missing = { code: 'state-missing', message: expect.stringContaining('foreign_weight') }
    await expect(once((x) => [tf.add(x as tf.Tensor, foreign)], [tf.scalar(1)])).rejects.toMatchObject(
      missing,
    )
    const assigning: Step = (x) => {
      foreign.assign(x as tf.Scalar)
      return []
    }
    await expect(once(assigning, [tf.scalar(1)])).rejects.toMatchObject(missing)
    expect(foreign.dataSync()[0]).toBe(3)
    foreign.dispose()
  })

  it('refuses a variable created inside a step', async () => {
    const creating: Step = () => [tf.mul(tf.variable(tf.scalar(1)), 2)]
    await expect(once(creating, [])).rejects.toMatchObject({ code: 'state-created' })
  })

  it('says which operation failed on which shapes, in TensorFlow’s words, eagerly and traced', async () => {
    const badMatMul: Step = (x) => [
      backend.kernels.executeSingleOutput(
        'MatMul',
        [
          attribute.type('T', dtypes.float32),
          attribute.bool('transpose_a', false),
          attribute.bool('transpose_b', false),
        ],
        [x as tf.Tensor, x as tf.Tensor],
      ),
    ]
    const x = tf.ones([2, 3])
    const message = /MatMul\(\[2, 3\], \[2, 3\]\).*(size|Dimensions)/s
    expect(() => badMatMul(x)).toThrow(message)
    await expect(once(badMatMul, [x])).rejects.toThrow(message)
  })

  it('refuses a second call before the first has ended', async () => {
    const step = backend.compile((x) => [tf.add(x as tf.Tensor, 1)], stateless)
    const x = tf.scalar(1)
    const running = step.run(x)
    await expect(step.run(x)).rejects.toMatchObject({ code: 'compile-overlap' })
    tf.dispose(await running)
    step.dispose()
  })

  it('holds no more tensors and handles after 1,000 steps than after one', async () => {
    const weight = tf.variable(tf.ones([8]))
    const step = backend.compile(
      (x) => {
        weight.assign(tf.add(tf.mul(weight, 0.9), x as tf.Tensor))
        return [tf.sum(weight)]
      },
      { name: 'leak', state: [weight] },
    )
    const runOnce = async () => {
      const x = tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8])
      const outputs = await step.run(x)
      outputs[0]?.dataSync()
      tf.dispose([x, ...outputs])
    }
    await runOnce()
    const before = { ...backend.resources(), tfjs: tf.memory().numTensors }
    for (let call = 0; call < 1_000; call++) await runOnce()
    expect({ ...backend.resources(), tfjs: tf.memory().numTensors }).toEqual(before)
    step.dispose()
    weight.dispose()
  })

  it('frees the functions, captures and variables of a disposed step', async () => {
    const weight = tf.variable(tf.ones([8]))
    const captured = tf.tensor1d([1, 1, 1, 1, 1, 1, 1, 1])
    const compileRunDispose = async () => {
      const step = backend.compile(
        (x) => {
          weight.assign(tf.add(weight, tf.mul(x as tf.Tensor, captured)))
          return []
        },
        { name: 'dispose', state: [weight] },
      )
      const x = tf.scalar(2)
      await step.run(x)
      step.dispose()
      x.dispose()
    }
    await compileRunDispose()
    const before = { ...backend.resources(), tfjs: tf.memory().numTensors }
    await compileRunDispose()
    expect({ ...backend.resources(), tfjs: tf.memory().numTensors }).toEqual(before)
    expect(Array.from(weight.dataSync())).toEqual(Array(8).fill(5))
    tf.dispose([weight, captured])
  })
})
