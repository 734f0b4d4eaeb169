import { beforeAll } from 'vitest'
import { describeWithTensorFlow, tensorflowForTests } from '../../../test-support/tensorflow.js'
import { loweringsSuite } from '../../test-support/lowerings-suite.js'
import { tensorflowLowerings } from './lowerings.js'

describeWithTensorFlow('a convolution on TensorFlow', () => {
  beforeAll(async () => {
    await tensorflowForTests('eager')
  })

  loweringsSuite(({ kernel, convolution }) =>
    tensorflowLowerings[kernel].filter((lowering) => lowering.applies(convolution)).map(({ name }) => name),
  )
})
