import { beforeAll } from 'vitest'
import type { TensorFlowBackend } from '../../runtime/tensorflow-backend.js'
import { describeWithTensorFlow, tensorflowForTests } from '../../test-support/tensorflow.js'
import { tfjsGradientsSuite } from '../test-support/gradients-suite.js'
import { opsSuite } from '../test-support/ops-suite.js'

describeWithTensorFlow('Tandem’s kernels on TensorFlow', () => {
  let backend: TensorFlowBackend
  beforeAll(async () => {
    backend = await tensorflowForTests('eager')
  })

  opsSuite(() => backend)
  tfjsGradientsSuite()
})
