import { imageBytes } from '../../shared/data/cifar10.js'

/** All samples of one split, in memory that data workers share. */
export interface Dataset {
  /** [count, 32, 32, 3], channel last. */
  images: Uint8Array<SharedArrayBuffer>
  /** [count], 0 to 9. */
  labels: Uint8Array<SharedArrayBuffer>
  count: number
}

export function allocateDataset(count: number): Dataset {
  return {
    images: new Uint8Array(new SharedArrayBuffer(count * imageBytes)),
    labels: new Uint8Array(new SharedArrayBuffer(count)),
    count,
  }
}
