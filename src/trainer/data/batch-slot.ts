import { chooseAugmentation, writeAugmented, writePlain } from '../../shared/data/augmentation.js'
import { imageBytes } from '../../shared/data/cifar10.js'
import type { Dataset } from './dataset.js'
import type { ImageBatch } from './loader.js'

/** Room for one batch in memory that data workers share; a smaller batch fills its beginning. */
export interface BatchSlot {
  images: Uint8Array<SharedArrayBuffer>
  labels: Int32Array<SharedArrayBuffer>
}

export function allocateSlot(batchSize: number): BatchSlot {
  return {
    images: new Uint8Array(new SharedArrayBuffer(batchSize * imageBytes)),
    labels: new Int32Array(new SharedArrayBuffer(batchSize * Int32Array.BYTES_PER_ELEMENT)),
  }
}

/** The first `size` samples of a slot, without a copy. */
export function slotBatch(slot: BatchSlot, size: number): ImageBatch {
  return { images: slot.images.subarray(0, size * imageBytes), labels: slot.labels.subarray(0, size), size }
}

/** What becomes of the pictures: `seed` of their augmentation, or null to take them as they are. */
export interface Preparation {
  augmentationSeed: number | null
}

/** Puts `samples` (numbers within the data set) into `slot`, the first one at position `start`. */
export function fillSlot(
  dataset: Dataset,
  { augmentationSeed }: Preparation,
  epoch: number,
  samples: Uint32Array,
  slot: BatchSlot,
  start = 0,
): void {
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index] as number
    const position = start + index
    slot.labels[position] = dataset.labels[sample] as number
    if (augmentationSeed === null) {
      writePlain(dataset.images, sample, slot.images, position)
    } else {
      const augmentation = chooseAugmentation(augmentationSeed, epoch, sample)
      writeAugmented(dataset.images, sample, slot.images, position, augmentation)
    }
  }
}
