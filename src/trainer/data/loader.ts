/**
 * Batches of one epoch, in order, prepared ahead by data workers. The trainer awaits `next`; the time that
 * takes is its data wait.
 */
export interface BatchLoader {
  /** Steps of every epoch: the last, smaller batch counted. */
  readonly stepsPerEpoch: number
  /** Starts preparing an epoch (counted from 0). */
  startEpoch(epoch: number): void
  /** The next batch, or null at the epoch's end. Its arrays are valid until the following call. */
  next(): Promise<ImageBatch | null>
  close(): Promise<void>
}

export interface ImageBatch {
  /** [size, 32, 32, 3], channel last. */
  images: Uint8Array
  /** [size] */
  labels: Int32Array
  size: number
}
