import { type FileHandle, open, readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { recordBytes } from '../../shared/data/cifar10.js'
import { assertLabel, countRecords, unreadable } from '../../shared/data/cifar10-checks.js'
import { copyRecordPicture } from '../../shared/data/record-picture.js'
import { TandemError } from '../../shared/errors.js'
import { allocateDataset, type Dataset } from './dataset.js'

/** About 1 MiB: some milliseconds of decoding between two turns of the event loop. */
const recordsPerRead = 341

/** Reads files of CIFAR-10's binary layout, one after the other, into one data set. */
export async function readRecordFiles(paths: readonly string[]): Promise<Dataset> {
  const counts: number[] = []
  for (const path of paths) {
    const { size } = await stat(path).catch((cause: unknown) => {
      throw unreadable(path, cause)
    })
    counts.push(countRecords(path, size))
  }
  const dataset = allocateDataset(counts.reduce((sum, count) => sum + count, 0))
  let first = 0
  for (const [index, path] of paths.entries()) {
    const count = counts[index] as number
    await readRecordFile(path, count, dataset, first)
    first += count
  }
  return dataset
}

async function readRecordFile(path: string, count: number, dataset: Dataset, first: number): Promise<void> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    const buffer = new Uint8Array(Math.min(recordsPerRead, count) * recordBytes)
    for (let record = 0; record < count; record += recordsPerRead) {
      const records = buffer.subarray(0, Math.min(recordsPerRead, count - record) * recordBytes)
      await readFully(path, file, records, record * recordBytes)
      decodeRecords(path, record, records, dataset, first + record)
    }
  } finally {
    await file.close()
  }
}

async function readFully(
  path: string,
  file: FileHandle,
  target: Uint8Array,
  position: number,
): Promise<void> {
  const { bytesRead } = await file.read(target, 0, target.length, position).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  if (bytesRead < target.length) throw unreadable(path, new Error('it became shorter while it was read'))
}

/** Reads one Brotli-compressed file of the same layout, of a few megabytes: it is decoded in one go. */
export async function readCompressedRecords(path: string): Promise<Dataset> {
  try {
    const records = await promisify(brotliDecompress)(await readFile(path))
    const dataset = allocateDataset(countRecords(path, records.length))
    decodeRecords(path, 0, records, dataset, 0)
    return dataset
  } catch (cause) {
    throw cause instanceof TandemError ? cause : unreadable(path, cause)
  }
}

/**
 * Copies whole records into `dataset` from sample `firstSample` on, turning channel-first pixels into
 * channel-last ones. `firstRecord` is where they stand in the file, for error messages.
 */
function decodeRecords(
  path: string,
  firstRecord: number,
  records: Uint8Array,
  dataset: Dataset,
  firstSample: number,
): void {
  const { images, labels } = dataset
  const count = records.length / recordBytes
  for (let record = 0; record < count; record++) {
    const offset = record * recordBytes
    const label = records[offset] as number
    assertLabel(path, firstRecord + record, label)
    labels[firstSample + record] = label
    copyRecordPicture(records, offset, images, firstSample + record)
  }
}
