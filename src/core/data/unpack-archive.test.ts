import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { create, Header } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archiveDirectory, recordBytes, splitFiles } from '../../shared/data/cifar10.js'
import { TandemError } from '../../shared/errors.js'
import { checkCifar10Directory } from './cifar10-directory.js'
import { unpackNamed } from './unpack-archive.js'

let folder: string
let archive: string
let unpacked: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-unpack-'))
  const made = join(folder, 'made', archiveDirectory)
  await mkdir(made, { recursive: true })
  for (const name of [...splitFiles.train, ...splitFiles.test]) {
    await writeFile(join(made, name), Buffer.alloc(20 * recordBytes, 7))
  }
  archive = join(folder, 'cifar-10-binary.tar.gz')
  await create({ gzip: true, file: archive, cwd: join(folder, 'made') }, [archiveDirectory])
  await rm(join(folder, 'made'), { recursive: true })
  unpacked = []
})
afterEach(() => rm(folder, { recursive: true }))

const unpack = (path: string, signal = new AbortController().signal) =>
  unpackNamed(path, signal, (which) => unpacked.push(which))

describe('an archive that is to be unpacked', () => {
  it('is, beside itself, once, whether it is named or the folder that it lies in', async () => {
    const directory = join(folder, archiveDirectory)
    expect(await unpack(archive)).toBe(directory)
    expect(await checkCifar10Directory(directory)).toMatchObject({ trainSamples: 100, testSamples: 20 })
    expect(await unpack(folder)).toBe(directory)
    expect(unpacked).toEqual([archive])
    expect((await readdir(folder)).sort()).toEqual([archiveDirectory, 'cifar-10-binary.tar.gz'])
  })

  it('is nothing where a folder holds none, or nothing is there: that is said by whoever reads it', async () => {
    await rm(archive)
    expect(await unpack(folder)).toBe(folder)
    expect(await unpack(join(folder, 'nowhere'))).toBe(join(folder, 'nowhere'))
  })

  it('leaves nothing behind where it is cut off, and says so', async () => {
    await truncate(archive, 600)
    const thrown = await unpack(archive).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(TandemError)
    expect((thrown as TandemError).toReport()).toEqual({
      code: 'data-not-unpacked',
      message: `${archive} could not be unpacked: it is cut off or damaged`,
      hint: expect.stringContaining('tar xzf cifar-10-binary.tar.gz'),
    })
    expect(await readdir(folder)).toEqual(['cifar-10-binary.tar.gz'])
  })

  it('is not unpacked where it would fill a disk, and leaves nothing behind', async () => {
    const head = Buffer.alloc(512)
    new Header({
      path: `${archiveDirectory}/${splitFiles.train[0]}`,
      size: 3 * 2 ** 30,
      type: 'File',
      mode: 0o644,
    }).encode(head)
    // The first of its three gigabytes of zeros would be more than there is.
    await writeFile(archive, gzipSync(Buffer.concat([head, Buffer.alloc(2 ** 20)])))
    await expect(unpack(archive)).rejects.toMatchObject({
      code: 'data-not-unpacked',
      message: `${archive} is not unpacked: it would have more than 2.0 GiB`,
    })
    expect(await readdir(folder)).toEqual(['cifar-10-binary.tar.gz'])
  })

  it('leaves nothing behind where it is stopped', async () => {
    await expect(unpack(archive, AbortSignal.abort())).rejects.toThrow(/abort/)
    expect(await readdir(folder)).toEqual(['cifar-10-binary.tar.gz'])
  })
})
