import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { archiveDirectory, splitFiles } from '../../shared/data/cifar10.js'
import { unreadable } from '../../shared/data/cifar10-checks.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import { kindByStats } from '../files/file-kind.js'
import { kindOfContent } from '../files/kind-of-content.js'
import {
  type DatasetVersion,
  findArchive,
  isNamedArchive,
  versionByFolder,
  versionInArchive,
} from './dataset-archive.js'

const getBinary = 'Download the "CIFAR-10 binary version", or leave --data-dir out: Tandem fetches it.'
const nameFolder = `Name the folder that holds ${splitFiles.train[0]} to ${splitFiles.train.at(-1)} and ${splitFiles.test[0]}.`

/** What a path is that is no folder, and what to do about it: an archive, one of the files, something else. */
export async function notAFolder(path: string): Promise<TandemError> {
  const stats = await stat(path).catch((error: unknown) => error as Error)
  if (stats instanceof Error) return unreadable(path, stats)
  const kind = kindByStats(stats)
  if (kind !== null) return missing(`${path} is no folder: ${kind}`, nameFolder)
  const version = await versionInArchive(path)
  if (version !== null) return archiveOf(version, path)
  if (path.endsWith('.bin'))
    return missing(`${path} is a file, not a folder`, `Name its folder: ${dirname(path)}`)
  const content = await kindOfContent(path).catch(() => null)
  return missing(`${path} is a file, not a folder${content === null ? '' : ` (${content})`}`, nameFolder)
}

function archiveOf(version: DatasetVersion, path: string): TandemError {
  if (version !== 'binary') {
    return missing(`${path} is the archive of ${describe(version)}`, instead(version))
  }
  return missing(
    `${path} is the archive of CIFAR-10's binary version, not what is in it`,
    `Add --unpack, which unpacks it beside itself, or unpack it yourself (tar xzf ${basename(path)}) and name the folder ${join(dirname(path), archiveDirectory)}.`,
  )
}

/** What people download in place of the binary version, or do not unpack, by what lies in its folder; null for none of it. */
export async function otherDataSet(
  directory: string,
  entries: readonly string[],
): Promise<TandemError | null> {
  const version = versionOf(entries)
  if (version !== null) return missing(`${directory} holds ${describe(version)}`, instead(version))
  const archive = await findArchive(directory)
  if (archive !== null) {
    const name = basename(archive)
    return missing(
      `${directory} holds the archive ${name}, not what is in it`,
      `Add --unpack, which unpacks it there, or unpack it there yourself: tar xzf ${name}`,
    )
  }
  for (const name of entries.filter(isNamedArchive)) {
    const packed = await versionInArchive(join(directory, name))
    if (packed !== null) {
      return missing(`${directory} holds the archive of ${describe(packed)}`, instead(packed))
    }
  }
  return null
}

function versionOf(entries: readonly string[]): DatasetVersion | null {
  const has = (...names: string[]): boolean => names.every((name) => entries.includes(name))
  const folder = entries.find((name) => versionByFolder[name] !== undefined && name !== archiveDirectory)
  if (folder !== undefined) return versionByFolder[folder] ?? null
  if (has('data_batch_1', 'batches.meta')) return 'python'
  if (has('data_batch_1.mat')) return 'matlab'
  // The binary version's names, or the Python version's.
  return has('train.bin', 'test.bin') || has('train', 'test', 'meta') ? 'cifar-100' : null
}

function describe(version: DatasetVersion): string {
  switch (version) {
    case 'binary':
      return 'the binary version of CIFAR-10'
    case 'python':
      return 'the Python version of CIFAR-10'
    case 'matlab':
      return 'the MATLAB version of CIFAR-10'
    case 'cifar-100':
      return 'CIFAR-100'
    default:
      return assertNever(version, 'version of a data set')
  }
}

function instead(version: DatasetVersion): string {
  return version === 'cifar-100' ? `Tandem trains on CIFAR-10. ${getBinary}` : getBinary
}

function missing(message: string, hint: string): TandemError {
  return new TandemError({ code: 'data-missing', message, hint })
}
