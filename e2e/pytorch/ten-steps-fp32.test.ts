import { expect, it } from 'vitest'
import { tensorflowForTests, tensorflowLibraryDir } from '../../src/trainer/test-support/tensorflow.js'
import { describeWithPyTorch } from './pytorch.js'
import { compareTenSteps } from './ten-steps.js'

describeWithPyTorch('ten steps in fp32, each from float64’s weights', () => {
  it.skipIf(tensorflowLibraryDir === '')(
    'lose and point as float64 does, in Tandem’s engine and in PyTorch',
    { timeout: 600_000 },
    async () => {
      const backend = await tensorflowForTests('traced', 'fp32')
      const steps = await compareTenSteps(backend, 'fp32')
      expect(steps).toHaveLength(10)
      for (const { tandem, pytorch } of steps) {
        for (const { loss, cosine } of [tandem, pytorch]) {
          expect(loss).toBeLessThanOrEqual(1e-5)
          expect(cosine).toBeGreaterThanOrEqual(0.999)
        }
      }
    },
  )
})
