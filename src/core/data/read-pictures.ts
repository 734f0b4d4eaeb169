import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import type { DataSource } from '../../shared/child/trainer-protocol.js'
import { imageBytes, recordBytes, splitFiles } from '../../shared/data/cifar10.js'
import { countRecords, unreadable } from '../../shared/data/cifar10-checks.js'
import { copyRecordPicture } from '../../shared/data/record-picture.js'
import { drawSynthetic, syntheticSeed } from '../../shared/data/synthetic-picture.js'
import { assertNever } from '../../shared/errors.js'
import { withoutWaiting } from '../files/read-text-file.js'
import { findCifar10Files } from './cifar10-directory.js'

/** Some pictures of a training split, to be shown: they are read one by one, not the whole split. */
export interface PictureSource {
  /** Pictures of the split. */
  count: number
  /**
   * Resolves with these pictures, [N, 32, 32, 3]. Rejects with `data-missing` or `data-unreadable`, naming the file, also
   * for a file that changed since the source was opened.
   */
  read(samples: Uint32Array): Promise<Uint8Array>
}

/** Of the sample that ships with Tandem, which is a few megabytes; more is not decompressed. */
const mostSampleBytes = 64 * 2 ** 20

/** Throws `data-missing`, `data-unreadable`, `data-empty` or `data-truncated`, naming the file. */
export async function openPictures(source: DataSource): Promise<PictureSource> {
  switch (source.kind) {
    case 'sample':
      return openCompressed(join(source.directory, 'train.bin.br'))
    case 'cifar10':
      return openRecordFiles(await trainingFiles(source.directory))
    case 'synthetic':
      return {
        count: source.trainSamples,
        async read(samples) {
          const pixels = new Uint8ClampedArray(samples.length * imageBytes)
          for (const [to, sample] of samples.entries()) {
            drawSynthetic(pixels, to, { seed: syntheticSeed, split: 'train', sample })
          }
          return new Uint8Array(pixels.buffer)
        },
      }
    default:
      return assertNever(source, 'data source')
  }
}

async function openCompressed(path: string): Promise<PictureSource> {
  const failed = (cause: unknown): never => {
    throw unreadable(path, cause)
  }
  const compressed = await readFile(path).catch(failed)
  const records = await promisify(brotliDecompress)(compressed, { maxOutputLength: mostSampleBytes }).catch(
    failed,
  )
  return {
    count: countRecords(path, records.length),
    async read(samples) {
      const pictures = new Uint8Array(samples.length * imageBytes)
      for (const [to, sample] of samples.entries())
        copyRecordPicture(records, sample * recordBytes, pictures, to)
      return pictures
    },
  }
}

async function trainingFiles(directory: string): Promise<string[]> {
  const folder = await findCifar10Files(directory)
  return splitFiles.train.map((name) => join(folder, name))
}

async function openRecordFiles(paths: readonly string[]): Promise<PictureSource> {
  const files: { path: string; first: number; count: number }[] = []
  let total = 0
  for (const path of paths) {
    const stats = await stat(path).catch((cause: unknown) => {
      throw unreadable(path, cause)
    })
    if (!stats.isFile()) throw unreadable(path, new Error('it is not an ordinary file'))
    const count = countRecords(path, stats.size)
    files.push({ path, first: total, count })
    total += count
  }
  return {
    count: total,
    async read(samples) {
      const pictures = new Uint8Array(samples.length * imageBytes)
      for (const { path, first, count } of files) {
        const wanted = [...samples.entries()].filter(
          ([, sample]) => sample >= first && sample < first + count,
        )
        if (wanted.length > 0) await readFromFile(path, first, wanted, pictures)
      }
      return pictures
    },
  }
}

async function readFromFile(
  path: string,
  first: number,
  wanted: readonly [to: number, sample: number][],
  pictures: Uint8Array,
): Promise<void> {
  const failed = (cause: unknown): never => {
    throw unreadable(path, cause)
  }
  // What was an ordinary file when it was looked at may be a pipe by now, which is not waited for.
  const file = await open(path, withoutWaiting).catch(failed)
  try {
    const record = new Uint8Array(recordBytes)
    for (const [to, sample] of wanted) {
      const { bytesRead } = await file
        .read(record, 0, recordBytes, (sample - first) * recordBytes)
        .catch(failed)
      if (bytesRead < recordBytes) failed(new Error('it became shorter while it was read'))
      copyRecordPicture(record, 0, pictures, to)
    }
  } finally {
    await file.close()
  }
}
