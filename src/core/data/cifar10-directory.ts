import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { archiveDirectory, type DataSplit, recordBytes, splitFiles } from '../../shared/data/cifar10.js'
import { assertLabel, countRecords, unreadable } from '../../shared/data/cifar10-checks.js'
import { TandemError } from '../../shared/errors.js'
import { kindByStats } from '../files/file-kind.js'
import { withoutWaiting } from '../files/read-text-file.js'
import { notAFolder, otherDataSet } from './not-cifar10.js'

export interface Cifar10Directory {
  /** Absolute; holds the six files itself. */
  directory: string
  trainSamples: number
  testSamples: number
}

const allFiles = [...splitFiles.train, ...splitFiles.test]

/** About 1 MiB of whole records: large enough to be fast, small enough to let the event loop breathe. */
const recordsPerRead = 341

/**
 * Reads all of CIFAR-10's binary files once, so that bad data is a clear line before a run and not a crash
 * inside it. They may lie in `directory` itself or in its child `cifar-10-batches-bin`.
 *
 * Throws `data-missing`, `data-unreadable`, `data-empty`, `data-truncated` or `data-label`, naming the file.
 */
export async function checkCifar10Directory(
  directory: string,
  signal?: AbortSignal,
): Promise<Cifar10Directory> {
  const found = await findCifar10Files(resolve(directory))
  return {
    directory: found,
    trainSamples: await checkSplit(found, 'train', signal),
    testSamples: await checkSplit(found, 'test', signal),
  }
}

/**
 * The folder that holds the six files: this one, or the archive's own within it. Throws `data-missing` and
 * `data-unreadable`, naming the folder.
 */
export async function findCifar10Files(directory: string): Promise<string> {
  const entries = await readdir(directory).catch(async (cause: unknown) => {
    const isNoFolder = (cause as NodeJS.ErrnoException).code === 'ENOTDIR'
    throw isNoFolder ? await notAFolder(directory) : unreadable(directory, cause)
  })
  if (!entries.some((name) => allFiles.includes(name)) && entries.includes(archiveDirectory)) {
    return findCifar10Files(join(directory, archiveDirectory))
  }
  const missing = allFiles.filter((name) => !entries.includes(name))
  if (missing.length === 0) return directory
  const instead = await otherDataSet(directory, entries)
  if (instead !== null) throw instead
  throw new TandemError({
    code: 'data-missing',
    message: `${directory} does not hold ${missing.join(', ')}`,
    hint: `Name the folder with CIFAR-10's binary files (${allFiles[0]} ... ${allFiles.at(-1)}) or the one above it.`,
  })
}

async function checkSplit(directory: string, split: DataSplit, signal?: AbortSignal): Promise<number> {
  let samples = 0
  for (const name of splitFiles[split]) samples += await checkFile(join(directory, name), signal)
  return samples
}

async function checkFile(path: string, signal?: AbortSignal): Promise<number> {
  const file = await open(path, withoutWaiting).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    return await checkRecords(path, file, signal)
  } finally {
    await file.close()
  }
}

async function checkRecords(path: string, file: FileHandle, signal?: AbortSignal): Promise<number> {
  const buffer = Buffer.allocUnsafe(recordsPerRead * recordBytes)
  const stats = await file.stat()
  const kind = kindByStats(stats)
  if (kind !== null) throw unreadable(path, new Error(kind))
  const count = countRecords(path, stats.size)
  for (let first = 0; first < count; first += recordsPerRead) {
    signal?.throwIfAborted()
    const wanted = Math.min(recordsPerRead, count - first) * recordBytes
    const { bytesRead } = await file.read(buffer, 0, wanted, first * recordBytes).catch((cause: unknown) => {
      throw unreadable(path, cause)
    })
    if (bytesRead < wanted) throw unreadable(path, new Error('it became shorter while it was read'))
    for (let offset = 0; offset < wanted; offset += recordBytes) {
      assertLabel(path, first + offset / recordBytes, buffer[offset] as number)
    }
  }
  return count
}
