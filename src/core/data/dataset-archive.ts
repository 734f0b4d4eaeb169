import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveDirectory } from '../../shared/data/cifar10.js'

/** Which of the data sets of its authors something holds, of which Tandem reads the first. */
export type DatasetVersion = 'binary' | 'python' | 'matlab' | 'cifar-100'

/** By the folder that its archive unpacks to. */
export const versionByFolder: Readonly<Record<string, DatasetVersion>> = {
  [archiveDirectory]: 'binary',
  'cifar-10-batches-py': 'python',
  'cifar-10-batches-mat': 'matlab',
  'cifar-100-binary': 'cifar-100',
  'cifar-100-python': 'cifar-100',
  'cifar-100-matlab': 'cifar-100',
}

/** The first entry of an archive lies in here. */
const beginningBytes = 256 * 1024

/**
 * What a file holds, where it is a tar archive, packed or not, of one of these data sets; null for anything else, and for
 * what is no ordinary file. Reads its beginning only. Never rejects.
 */
export async function versionInArchive(path: string): Promise<DatasetVersion | null> {
  if (!(await isOrdinaryFile(path))) return null
  const { Parser } = await import('tar')
  return await new Promise((resolve) => {
    const beginning = createReadStream(path, { end: beginningBytes - 1 })
    const answer = (version: DatasetVersion | null): void => {
      beginning.destroy()
      resolve(version)
    }
    const parser = new Parser({
      onReadEntry: (entry) => answer(versionByFolder[firstFolder(entry.path)] ?? null),
    })
    parser.on('error', () => answer(null))
    parser.on('end', () => answer(null))
    beginning.on('error', () => answer(null))
    beginning.on('data', (piece) => void parser.write(piece as Buffer))
    // Cut off where it was read to, it need not be whole.
    beginning.on('end', () => answer(null))
  })
}

function firstFolder(entry: string): string {
  return entry.replace(/^\.\//, '').split('/')[0] ?? ''
}

/** The archive of CIFAR-10's binary version: `path` itself, or in a folder of that name. Null where there is none. */
export async function findArchive(path: string): Promise<string | null> {
  const names = await readdir(path).catch(() => null)
  const candidates = names === null ? [path] : names.filter(isNamedArchive).map((name) => join(path, name))
  for (const candidate of candidates) {
    if ((await versionInArchive(candidate)) === 'binary') return candidate
  }
  return null
}

export function isNamedArchive(name: string): boolean {
  return /\.(tar\.gz|tgz|tar)$/i.test(name)
}

async function isOrdinaryFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
}
