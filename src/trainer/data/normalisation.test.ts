import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { cifar10Normalisation } from './normalisation.js'
import { readDataset } from './read-dataset.js'

describe('cifar10Normalisation', () => {
  it('brings the pictures of the sample to mean 0 and variance 1, nearly', async () => {
    const directory = fileURLToPath(new URL('../../../resources/cifar10-sample', import.meta.url))
    const { images } = await readDataset({ kind: 'sample', directory }, 'train')
    for (const channel of [0, 1, 2] as const) {
      const values = images.filter((_, index) => index % 3 === channel)
      const normalised = Float64Array.from(
        values,
        (value) =>
          (value / 255 - cifar10Normalisation.mean[channel]) /
          cifar10Normalisation.standardDeviation[channel],
      )
      const mean = normalised.reduce((sum, value) => sum + value, 0) / normalised.length
      const variance = normalised.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normalised.length
      expect(Math.abs(mean)).toBeLessThan(0.1)
      expect(Math.abs(variance - 1)).toBeLessThan(0.1)
    }
  })
})
