import { beforeAll } from 'vitest'
import type { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import { goldenSuite } from './golden-suite.js'

describeWithTensorFlow('TensorFlow, traced', () => {
  let backend: TensorFlowBackend
  beforeAll(async () => {
    backend = await tensorflowForTests('traced')
  })

  goldenSuite(() => backend)
})
