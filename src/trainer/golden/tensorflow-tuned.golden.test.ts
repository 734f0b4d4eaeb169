import { beforeAll, expect } from 'vitest'
import { recordConvolutions, setLoweringChoices } from '../kernels/lowering-choices.js'
import { tensorflowLowerings } from '../kernels/tensorflow/lowerings/lowerings.js'
import type { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import { describeWithTensorFlow, tensorflowForTests } from '../test-support/tensorflow.js'
import { runGoldenCase } from './golden-case.js'
import { goldenSuite } from './golden-suite.js'
import { goldenCases, readGoldenFile } from './read-golden-file.js'

/** Whatever the autotuner may choose keeps PyTorch's values: here every kernel that can be computed otherwise is. */
describeWithTensorFlow('TensorFlow, traced, every convolution computed by its last lowering', () => {
  let backend: TensorFlowBackend
  beforeAll(async () => {
    backend = await tensorflowForTests('traced')
    const uses = await recordConvolutions(async () => {
      for (const goldenCase of goldenCases) {
        await runGoldenCase(backend, { ...readGoldenFile(goldenCase), steps: 1 })
      }
    })
    const choices = uses.map((use) => {
      const applicable = tensorflowLowerings[use.kernel].filter((one) => one.applies(use.convolution))
      return { use, lowering: applicable.at(-1)?.name ?? '' }
    })
    expect(choices.filter(({ lowering }) => lowering !== 'operation').length).toBeGreaterThan(100)
    setLoweringChoices(choices)
  }, 120_000)

  goldenSuite(() => backend)
})
