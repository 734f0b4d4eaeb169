import { type FileHandle, open, readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { archiveDirectory, type DataSplit, recordBytes, splitFiles } from '../../shared/cifar10.js'
import { assertLabel, countRecords, unreadable } from '../../shared/cifar10-checks.js'
import { TandemError } from '../../shared/errors.js'

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
  const entries = await readdir(directory).catch((cause: unknown) => {
    throw (cause as NodeJS.ErrnoException).code === 'ENOTDIR'
      ? notAFolder(directory)
      : unreadable(directory, cause)
  })
  if (!entries.some((name) => allFiles.includes(name)) && entries.includes(archiveDirectory)) {
    return findCifar10Files(join(directory, archiveDirectory))
  }
  const missing = allFiles.filter((name) => !entries.includes(name))
  if (missing.length === 0) return directory
  const instead = otherDataSet(directory, entries)
  if (instead !== null) throw instead
  throw new TandemError({
    code: 'data-missing',
    message: `${directory} does not hold ${missing.join(', ')}`,
    hint: `Name the folder with CIFAR-10's binary files (${allFiles[0]} ... ${allFiles.at(-1)}) or the one above it.`,
  })
}

const archivePattern = /\.(tar\.gz|tgz|tar|zip|gz)$/i

function notAFolder(path: string): TandemError {
  const hint = archivePattern.test(path)
    ? `It looks like an archive. Unpack it (tar xzf ${basename(path)}) and name the folder ${archiveDirectory} that comes out.`
    : `Name the folder that holds ${allFiles[0]} to ${allFiles.at(-1)}.`
  return new TandemError({ code: 'data-missing', message: `${path} is a file, not a folder`, hint })
}

/** What people download in place of the binary version, by what lies in its folder; null for none of it. */
function otherDataSet(directory: string, entries: readonly string[]): TandemError | null {
  const has = (...names: string[]): boolean => names.every((name) => entries.includes(name))
  const binary = 'Download the "CIFAR-10 binary version", or leave --data-dir out: Tandem fetches it.'
  const say = (what: string, hint: string): TandemError =>
    new TandemError({ code: 'data-missing', message: `${directory} ${what}`, hint })
  if (has('data_batch_1', 'batches.meta') || has('cifar-10-batches-py')) {
    return say('holds the Python version of CIFAR-10', binary)
  }
  if (has('data_batch_1.mat') || has('cifar-10-batches-mat')) {
    return say('holds the MATLAB version of CIFAR-10', binary)
  }
  if (has('train.bin', 'test.bin') || has('cifar-100-binary') || has('cifar-100-python')) {
    return say('holds CIFAR-100', `Tandem trains on CIFAR-10. ${binary}`)
  }
  const archive = entries.find((name) => name.startsWith('cifar-10') && archivePattern.test(name))
  if (archive === undefined) return null
  return say(`holds the archive ${archive}, not what is in it`, `Unpack it there: tar xzf ${archive}`)
}

async function checkSplit(directory: string, split: DataSplit, signal?: AbortSignal): Promise<number> {
  let samples = 0
  for (const name of splitFiles[split]) samples += await checkFile(join(directory, name), signal)
  return samples
}

async function checkFile(path: string, signal?: AbortSignal): Promise<number> {
  const file = await open(path).catch((cause: unknown) => {
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
  if (!stats.isFile()) throw unreadable(path, new Error('it is not an ordinary file'))
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
