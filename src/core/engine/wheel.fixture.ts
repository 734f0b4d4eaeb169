import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runProgram } from '../run-program.js'
import type { LockedPackage } from './release.js'

export interface WheelContents {
  /** As in a file name: `tensorflow_cpu`. */
  distribution: string
  version: string
  platform: string
  files: Record<string, Buffer>
  metadata?: string[]
  /** Replaces the hash that RECORD claims for a file. */
  claimedHash?: { path: string; sha256: string }
}

export interface Wheel {
  fileName: string
  bytes: Buffer
}

/** What a lock says of these wheels. */
export function lockOf(wheels: readonly Wheel[]): LockedPackage[] {
  return wheels.map(({ fileName, bytes }) => {
    const [name = '', version = ''] = fileName.split('-')
    return { name: name.replaceAll('_', '-'), version, sha256: sha256(bytes, 'hex') }
  })
}

/** A wheel as the binary distribution format wants it, zipped by Python's own zipfile. */
export async function buildWheel(contents: WheelContents): Promise<Wheel> {
  const { distribution, version, platform } = contents
  const info = `${distribution}-${version}.dist-info`
  const files: Record<string, Buffer> = {
    ...contents.files,
    [`${info}/METADATA`]: text([
      'Metadata-Version: 2.1',
      `Name: ${distribution.replaceAll('_', '-')}`,
      `Version: ${version}`,
      ...(contents.metadata ?? []),
    ]),
    [`${info}/WHEEL`]: text([
      'Wheel-Version: 1.0',
      'Generator: tandem-test',
      'Root-Is-Purelib: false',
      `Tag: cp311-cp311-${platform}`,
    ]),
  }
  const rows = Object.entries(files).map(([path, bytes]) => {
    const claimed =
      contents.claimedHash?.path === path ? contents.claimedHash.sha256 : sha256(bytes, 'base64url')
    return `${path},sha256=${claimed},${bytes.length}`
  })
  files[`${info}/RECORD`] = text([...rows, `${info}/RECORD,,`])
  return { fileName: `${distribution}-${version}-cp311-cp311-${platform}.whl`, bytes: await zip(files) }
}

export function sha256(bytes: Buffer, encoding: 'hex' | 'base64url'): string {
  return createHash('sha256').update(bytes).digest(encoding)
}

function text(lines: string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`)
}

async function zip(files: Record<string, Buffer>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-wheel-'))
  try {
    const content = join(folder, 'content')
    for (const [path, bytes] of Object.entries(files)) {
      await mkdir(join(content, dirname(path)), { recursive: true })
      await writeFile(join(content, path), bytes)
    }
    const archive = join(folder, 'archive.zip')
    const roots = [...new Set(Object.keys(files).map((path) => join(content, path.split('/')[0] ?? '')))]
    const zipped = await runProgram('python3', ['-m', 'zipfile', '-c', archive, ...roots])
    if (zipped.exitCode !== 0) throw new Error(`zipfile failed: ${zipped.stderr}`)
    return await readFile(archive)
  } finally {
    await rm(folder, { recursive: true })
  }
}
