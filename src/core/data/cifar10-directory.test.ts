import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archiveDirectory, recordBytes, splitFiles } from '../../shared/cifar10.js'
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
    [
      'the archive',
      ['cifar-10-binary.tar.gz'],
      'holds the archive cifar-10-binary.tar.gz, not what is in it',
    ],
  ])('says of a folder with %s what it is, and what to do', async (_what, names, message) => {
    for (const name of names) await writeFile(join(directory, name), 'x')
    await expect(checkCifar10Directory(directory)).rejects.toMatchObject({
      code: 'data-missing',
      message: `${directory} ${message}`,
      hint: expect.stringMatching(/binary version|tar xzf/),
    })
  })

  it('says of an archive that it is to be unpacked', async () => {
    const archive = join(directory, 'cifar-10-binary.tar.gz')
    await writeFile(archive, 'x')
    await expect(checkCifar10Directory(archive)).rejects.toMatchObject({
      message: `${archive} is a file, not a folder`,
      hint: expect.stringContaining('tar xzf cifar-10-binary.tar.gz'),
    })
  })

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
      message: expect.stringMatching(/data_batch_5\.bin has 6145 bytes; allowed are multiples of 3073/),
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
      message: expect.stringMatching(/data_batch_4\.bin, record 987: label 10; allowed are 0 to 9/),
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
