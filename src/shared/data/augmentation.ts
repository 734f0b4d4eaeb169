import { hash4 } from '../random.js'
import { imageBytes, imageChannels, imageSide } from './cifar10.js'

/** Black pixels around the picture that the crop may take in, as RandomCrop(32, padding=4). */
export const cropPadding = 4

/** Keeps these random numbers apart from those of other purposes under the same seed. */
const purpose = 0xa6_00_00_00

const rowBytes = imageSide * imageChannels

export interface Augmentation {
  /** The crop's first row and column in the picture: -4 to 4, negative ones lie in the padding. */
  top: number
  left: number
  /** Mirror the crop left to right. */
  flip: boolean
}

/**
 * The crop and flip of one sample in one epoch. They depend on nothing else, so a sample looks the same
 * whichever rank, worker or batch it comes to.
 */
export function chooseAugmentation(seed: number, epoch: number, sample: number): Augmentation {
  const [vertical, horizontal, mirror] = hash4(seed, epoch, sample, purpose)
  const positions = 2 * cropPadding + 1
  return {
    top: Math.floor((vertical / 2 ** 32) * positions) - cropPadding,
    left: Math.floor((horizontal / 2 ** 32) * positions) - cropPadding,
    flip: mirror >= 2 ** 31,
  }
}

/**
 * Writes picture number `from` of `source` as picture number `to` of `target`, both [N, 32, 32, 3], cropped
 * and flipped in that order, as torchvision's RandomCrop and RandomHorizontalFlip. 3 us a picture (Node 20,
 * one core, shared memory).
 */
export function writeAugmented(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  augmentation: Augmentation,
): void {
  const { top, left, flip } = augmentation
  const sourceStart = from * imageBytes
  const targetStart = to * imageBytes
  if (top !== 0 || left !== 0) target.fill(0, targetStart, targetStart + imageBytes)

  const columns = imageSide - Math.abs(left)
  const copiedBytes = columns * imageChannels
  const sourceColumn = Math.max(left, 0)
  const croppedColumn = Math.max(-left, 0)
  const targetColumn = flip ? imageSide - croppedColumn - columns : croppedColumn
  const firstRow = Math.max(-top, 0)
  const endRow = Math.min(imageSide - top, imageSide)
  for (let row = firstRow; row < endRow; row++) {
    const read = sourceStart + (row + top) * rowBytes + sourceColumn * imageChannels
    const write = targetStart + row * rowBytes + targetColumn * imageChannels
    if (flip) copyMirrored(source, read, target, write, copiedBytes)
    else target.set(source.subarray(read, read + copiedBytes), write)
  }
}

function copyMirrored(
  source: Uint8Array,
  read: number,
  target: Uint8Array,
  write: number,
  bytes: number,
): void {
  let to = write + bytes - imageChannels
  for (let from = read; from < read + bytes; from += imageChannels) {
    target[to] = source[from] as number
    target[to + 1] = source[from + 1] as number
    target[to + 2] = source[from + 2] as number
    to -= imageChannels
  }
}

/** Copies a picture as it is. */
export function writePlain(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
  target.set(source.subarray(from * imageBytes, (from + 1) * imageBytes), to * imageBytes)
}
