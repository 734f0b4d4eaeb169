/**
 * CIFAR-10's binary layout, as its authors describe it: a file is a row of records without header or
 * separator, each one label byte and then 1,024 red, 1,024 green and 1,024 blue bytes, row by row.
 *
 * Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
 */
export const imageSide = 32
export const imageChannels = 3
export const imageBytes = imageSide * imageSide * imageChannels
export const recordBytes = 1 + imageBytes

export const classNames = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const

export const classCount = classNames.length

export type DataSplit = 'train' | 'test'

/** The files of each split in the order that numbers their samples. */
export const splitFiles: Readonly<Record<DataSplit, readonly string[]>> = {
  train: ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
  test: ['test_batch.bin'],
}

/** The folder inside the published archive. */
export const archiveDirectory = 'cifar-10-batches-bin'
