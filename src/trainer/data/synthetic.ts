import { setImmediate } from 'node:timers/promises'
import type { DataSplit } from '../../shared/data/cifar10.js'
import { drawSynthetic } from '../../shared/data/synthetic-picture.js'
import { allocateDataset, type Dataset } from './dataset.js'

/** Some milliseconds of work. */
const samplesPerTurn = 500

/**
 * Pictures that no one took, but that can be learnt: see `drawSynthetic`. The same seed gives the same bytes; train and
 * test differ in phase and noise only.
 */
export async function generateSynthetic(options: {
  count: number
  seed: number
  split: DataSplit
}): Promise<Dataset> {
  const { count, seed, split } = options
  const dataset = allocateDataset(count)
  const pixels = new Uint8ClampedArray(dataset.images.buffer)
  for (let sample = 0; sample < count; sample++) {
    dataset.labels[sample] = drawSynthetic(pixels, sample, { seed, split, sample })
    if (sample % samplesPerTurn === samplesPerTurn - 1) await setImmediate()
  }
  return dataset
}
