import { mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ManifestFile } from './manifest.js'

/**
 * The rows of a wheel's RECORD (the binary distribution format's list of files, with their SHA-256 as
 * published), those without a hash and those outside the install folder left out.
 */
export function parseWheelRecord(text: string): ManifestFile[] {
  const files: ManifestFile[] = []
  for (const line of text.split(/\r?\n/)) {
    const row = /^(?:"((?:[^"]|"")*)"|([^",]*)),sha256=([\w-]{43}),(\d+)$/.exec(line)
    if (row === null) continue
    const path = (row[1] ?? row[2] ?? '').replaceAll('""', '"')
    if (path === '' || path.startsWith('/') || path.split('/').includes('..')) continue
    files.push({
      path,
      sha256: Buffer.from(row[3] ?? '', 'base64url').toString('hex'),
      sizeBytes: Number(row[4]),
    })
  }
  return files
}

/** Of all that a Python installer unpacked, what the C API needs: the libraries, and CUDA's without headers. */
export function isEngineFile(path: string): boolean {
  if (/^tensorflow\/libtensorflow[^/]*$/.test(path)) return true
  return path.startsWith('nvidia/') && !path.includes('/include/')
}

/** Moves the engine's files from an installer's target folder to `destination`; returns their records. */
export async function moveEngineFiles(installed: string, destination: string): Promise<ManifestFile[]> {
  const moved: ManifestFile[] = []
  for (const entry of await readdir(installed)) {
    if (!entry.endsWith('.dist-info')) continue
    const record = await readFile(join(installed, entry, 'RECORD'), 'utf8')
    moved.push(...parseWheelRecord(record).filter((file) => isEngineFile(file.path)))
  }
  for (const file of moved) {
    const to = join(destination, file.path)
    await mkdir(dirname(to), { recursive: true })
    await rename(join(installed, file.path), to)
  }
  return moved
}
