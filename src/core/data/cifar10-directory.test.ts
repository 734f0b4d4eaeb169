import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archiveDirectory, recordBytes, splitFiles } from '../../shared/data/cifar10.js'
import { checkCifar10Directory } from './cifar10-directory.js'

describe('checkCifar10Directory', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tandem-cifar10-'))
  })

  afterEach(() => rm(directory, { recursive: true }))

  /** `labels.length` records a file; all pixels are 200, which as a label would be wrong. */
  function records(labels: readonly number[]): Buffer {
    const bytes = Buffer.alloc(labels.length * recordBytes, 200)
    for (const [record, label] of labels.entries()) bytes[record * recordBytes] = label
    return bytes
  }

  async function writeFiles(into: string): Promise<void> {
    await mkdir(into, { recursive: true })
    for (const name of splitFiles.train) await writeFile(join(into, name), records([0, 9, 3]))
    for (const name of splitFiles.test) await writeFile(join(into, name), records([7, 2]))
  }

  it('counts the samples of files that lie in the folder itself', async () => {
    await writeFiles(directory)
    expect(await checkCifar10Directory(directory)).toEqual({ directory, trainSamples: 15, testSamples: 2 })
  })

  it('finds the files in the folder that the published archive makes', async () => {
    const child = join(directory, archiveDirectory)
    await writeFiles(child)
    expect(await checkCifar10Directory(directory)).toEqual({
      directory: child,
      trainSamples: 15,
      testSamples: 2,
    })
  })

  it.each([
    ['the Python version', ['data_batch_1', 'batches.meta'], 'holds the Python version of CIFAR-10'],
    ['the MATLAB version', ['data_batch_1.mat'], 'holds the MATLAB version of CIFAR-10'],
    ['CIFAR-100', ['train.bin', 'test.bin', 'fine_label_names.txt'], 'holds CIFAR-100'],
    ["CIFAR-100's Python version", ['train', 'test', 'meta'], 'holds CIFAR-100'],
  ])('says of a folder with %s what it is, and what to do', async (_what, names, message) => {
    for (const name of names) await writeFile(join(directory, name), 'x')
    await expect(checkCifar10Directory(directory)).rejects.toMatchObject({
      code: 'data-missing',
      message: `${directory} ${message}`,
      hint: expect.stringContaining('binary version'),
    })
  })

  it.each([
    ['cifar-10-batches-bin', "is the archive of CIFAR-10's binary version, not what is in it", /--unpack/],
    ['cifar-10-batches-py', 'is the archive of the Python version of CIFAR-10', /binary version/],
    ['cifar-100-python', 'is the archive of CIFAR-100', /Tandem trains on CIFAR-10\./],
  ])(
    'says of an archive of %s what is in it, whatever it is called, and what to do',
    async (content, message, hint) => {
      const archive = join(directory, 'download')
      await mkdir(join(directory, 'made', content), { recursive: true })
      await writeFile(join(directory, 'made', content, 'readme.html'), 'x')
      await create({ gzip: true, file: archive, cwd: join(directory, 'made') }, [content])
      await expect(checkCifar10Directory(archive)).rejects.toMatchObject({
        message: `${archive} ${message}`,
        hint: expect.stringMatching(hint),
      })
    },
  )

  it.each([
    ['notes.txt', Buffer.from('hello'), 'is a file, not a folder'],
    [
      'set.zip',
      Buffer.from('PK\u0003\u0004zip'),
      'is a file, not a folder (it is a ZIP archive: unpack it first)',
    ],
  ])('says of %s that it is no folder, and what it is', async (name, content, message) => {
    const path = join(directory, name)
    await writeFile(path, content)
    await expect(checkCifar10Directory(path)).rejects.toMatchObject({ message: `${path} ${message}` })
  })

  it.skipIf(process.platform === 'win32')(
    'never waits for a pipe, and says what links lead in a circle',
    async () => {
      await writeFiles(directory)
      await rm(join(directory, 'data_batch_2.bin'))
      execFileSync('mkfifo', [join(directory, 'data_batch_2.bin')])
      await expect(checkCifar10Directory(directory)).rejects.toMatchObject({
        message: `${join(directory, 'data_batch_2.bin')} cannot be read: it is a named pipe, not a file`,
      })
      await symlink(join(directory, 'b'), join(directory, 'a'))
      await symlink(join(directory, 'a'), join(directory, 'b'))
      await expect(checkCifar10Directory(join(directory, 'a'))).rejects.toMatchObject({
        message: `${join(directory, 'a')} cannot be read: its links lead in a circle`,
      })
    },
  )

  it('names a folder that is not there', async () => {
    const missing = join(directory, 'nowhere')
    await expect(checkCifar10Directory(missing)).rejects.toMatchObject({
      code: 'data-missing',
      message: `${missing} does not exist`,
    })
  })

  it('names every file that is missing', async () => {
    await writeFiles(directory)
    await rm(join(directory, 'data_batch_2.bin'))
    await rm(join(directory, 'test_batch.bin'))
    await expect(checkCifar10Directory(directory)).rejects.toMatchObject({
      code: 'data-missing',
      message: `${directory} does not hold data_batch_2.bin, test_batch.bin`,
    })
  })

  it('rejects a file that ends within a record', async () => {
    await writeFiles(directory)
    const cut = join(directory, 'data_batch_5.bin')
    await writeFile(cut, records([1, 2]).subarray(0, 2 * recordBytes - 1))
    await expect(checkCifar10Directory(directory)).rejects.toMatchObject({
      code: 'data-truncated',
      message: expect.stringMatching(/data_batch_5\.bin has 6145 bytes; allowed: multiples of 3073/),
    })
  })

  it('rejects an empty file', async () => {
    await writeFiles(directory)
    await writeFile(join(directory, 'test_batch.bin'), '')
    await expect(checkCifar10Directory(directory)).rejects.toMatchObject({ code: 'data-empty' })
  })

  it('rejects a label above 9 wherever it stands, naming record and value', async () => {
    await writeFiles(directory)
    const labels = Array.from({ length: 1000 }, (_, record) => record % 10)
    labels[987] = 10
    await writeFile(join(directory, 'data_batch_4.bin'), records(labels))
    await expect(checkCifar10Directory(directory)).rejects.toMatchObject({
      code: 'data-label',
      message: expect.stringMatching(/data_batch_4\.bin, record 987: label 10; allowed: 0 to 9/),
    })
  })

  it('rejects a folder that has the name of a file', async () => {
    await writeFiles(directory)
    await rm(join(directory, 'test_batch.bin'))
    await mkdir(join(directory, 'test_batch.bin'))
    await expect(checkCifar10Directory(directory)).rejects.toMatchObject({ code: 'data-unreadable' })
  })

  it('stops when it is told to', async () => {
    await writeFiles(directory)
    await expect(checkCifar10Directory(directory, AbortSignal.abort())).rejects.toThrow(/abort/)
  })
})
