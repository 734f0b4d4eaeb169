import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSharedMemoryAllReduce } from '../collectives/shared-memory.js'
import { layOutVector } from '../collectives/vector-layout.js'
import { platform } from '../platform/index.js'
import { nearestBfloat16 } from '../test-support/reference-bfloat16.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import { createMappedReducer, exchangeByMapping } from './mapped-exchange.js'
import type { TensorFlowBackend } from './tensorflow-backend.js'

describeWithTensorFlow('exchange between TensorFlow and a mapping', () => {
  let backend: TensorFlowBackend
  let folder: string
  beforeAll(async () => {
    backend = await tensorflowForTests()
    folder = mkdtempSync('/dev/shm/tandem-test-')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.runIf(platform.sharedMemory !== null).each(['float32', 'bfloat16'] as const)(
    'sums tensors as %s, holding no more of them than before',
    async (format) => {
      const shapes = [[3, 5], [1001], [7, 2, 2]]
      const { parts, elementCount } = layOutVector(shapes)
      const before = backend.resources()
      const reducer = createMappedReducer(backend)
      const member = { rank: 0, worldSize: 1, elementCount, timeoutMs: 10_000 }
      const options = { ...member, reduceSlice: reducer.reduceSlice, path: join(folder, format) }
      const group = await createSharedMemoryAllReduce(options)
      if (group.mapping === null) throw new Error('shared memory without a mapping')
      const exchange = exchangeByMapping(backend, group.mapping, 0, parts, reducer, format)
      const expectedOf = (value: number) => (format === 'bfloat16' ? nearestBfloat16(value) : value)

      for (const scale of [1, -1e-3, 1e30]) {
        const gradients = shapes.map((shape, seed) =>
          tf.tidy(() => tf.mul(tf.randomNormal(shape, 0, 1, 'float32', seed), scale)),
        )
        exchange.write(gradients)
        await group.sum(undefined, exchange.format)
        const sums = exchange.sums()
        gradients.forEach((gradient, index) => {
          expect([...(sums[index] as tf.Tensor).dataSync()]).toEqual([...gradient.dataSync()].map(expectedOf))
        })
        exchange.release(sums)
        tf.dispose(gradients)
      }
      exchange.dispose()
      group.close()
      expect(backend.resources()).toEqual(before)
    },
  )
})
