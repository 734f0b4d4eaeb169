import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  classCount,
  imageBytes,
  imageChannels,
  imageSide,
  recordBytes,
  splitFiles,
} from '../../shared/data/cifar10.js'
import { RandomStream } from '../../shared/random.js'
import type { Dataset } from './dataset.js'
import { readDataset } from './read-dataset.js'

const sampleDirectory = fileURLToPath(new URL('../../../resources/cifar10-sample', import.meta.url))

function samplesByClass({ labels }: Dataset): number[] {
  const counts = new Array<number>(classCount).fill(0)
  for (const label of labels) counts[label] = (counts[label] as number) + 1
  return counts
}

/** Mean difference between pixels side by side: small in photographs, 85 in noise. */
function roughness({ images, count }: Dataset): number {
  let sum = 0
  let pairs = 0
  for (let pixel = 0; pixel < count * imageSide * imageSide; pixel++) {
    if (pixel % imageSide === imageSide - 1) continue
    sum += Math.abs((images[3 * pixel] as number) - (images[3 * pixel + 3] as number))
    pairs++
  }
  return sum / pairs
}

describe('readDataset of a CIFAR-10 folder', () => {
  const random = new RandomStream(1, 0)
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tandem-records-'))
  })

  afterEach(() => rm(directory, { recursive: true }))

  /** More records than one read takes, so that their seams are tested. */
  async function writeRecords(name: string, count: number): Promise<Buffer> {
    const records = Buffer.from(Uint8Array.from({ length: count * recordBytes }, () => random.below(256)))
    for (let record = 0; record < count; record++) records[record * recordBytes] = random.below(10)
    await writeFile(join(directory, name), records)
    return records
  }

  it('joins the files in order and turns channel-first into channel-last pixels', async () => {
    const sizes = [400, 3, 1, 2, 5]
    const files: Buffer[] = []
    for (const [index, name] of splitFiles.train.entries()) {
      files.push(await writeRecords(name, sizes[index] as number))
    }
    const all = Buffer.concat(files)
    const dataset = await readDataset({ kind: 'cifar10', directory }, 'train')

    expect(dataset.count).toBe(411)
    expect(dataset.images.buffer).toBeInstanceOf(SharedArrayBuffer)
    const labels = Array.from({ length: dataset.count }, (_, sample) => all[sample * recordBytes])
    expect([...dataset.labels]).toEqual(labels)
    const expected = new Uint8Array(dataset.count * imageBytes)
    for (let index = 0; index < expected.length; index++) {
      const [sample, rest] = [Math.floor(index / imageBytes), index % imageBytes]
      const [pixel, channel] = [Math.floor(rest / 3), rest % 3]
      expected[index] = all[sample * recordBytes + 1 + channel * 1024 + pixel] as number
    }
    expect(Buffer.compare(dataset.images, expected)).toBe(0)
  })

  it('reads the test file for the test split', async () => {
    await writeRecords('test_batch.bin', 7)
    expect((await readDataset({ kind: 'cifar10', directory }, 'test')).count).toBe(7)
  })

  it('names a file that is missing', async () => {
    await expect(readDataset({ kind: 'cifar10', directory }, 'test')).rejects.toMatchObject({
      code: 'data-missing',
      message: `${join(directory, 'test_batch.bin')} does not exist`,
    })
  })

  it('names a file that was cut and one with a wrong label', async () => {
    const records = await writeRecords('test_batch.bin', 500)
    records[450 * recordBytes] = 17
    await writeFile(join(directory, 'test_batch.bin'), records)
    await expect(readDataset({ kind: 'cifar10', directory }, 'test')).rejects.toMatchObject({
      code: 'data-label',
      message: expect.stringContaining('record 450: label 17'),
    })
    await writeFile(join(directory, 'test_batch.bin'), records.subarray(1))
    await expect(readDataset({ kind: 'cifar10', directory }, 'test')).rejects.toMatchObject({
      code: 'data-truncated',
    })
  })

  it('names a sample file that is damaged or of another layout', async () => {
    const path = join(directory, 'train.bin.br')
    await writeFile(path, 'not Brotli')
    await expect(readDataset({ kind: 'sample', directory }, 'train')).rejects.toMatchObject({
      code: 'data-unreadable',
      message: expect.stringContaining(path),
    })
    await writeFile(path, brotliCompressSync(Buffer.alloc(recordBytes + 1)))
    await expect(readDataset({ kind: 'sample', directory }, 'train')).rejects.toMatchObject({
      code: 'data-truncated',
    })
  })
})

describe('readDataset of the sample that ships with Tandem', () => {
  const sample = { kind: 'sample', directory: sampleDirectory } as const

  it('has 2,000 training and 400 test pictures, as many of each class', async () => {
    expect(samplesByClass(await readDataset(sample, 'train'))).toEqual(Array(10).fill(200))
    expect(samplesByClass(await readDataset(sample, 'test'))).toEqual(Array(10).fill(40))
  })

  it('has photographs, no two alike', async () => {
    const train = await readDataset(sample, 'train')
    const test = await readDataset(sample, 'test')
    expect(roughness(train)).toBeLessThan(20)
    const pictures = [train, test].flatMap(({ images, count }) =>
      Array.from({ length: count }, (_, index) =>
        Buffer.from(images.subarray(index * imageBytes, (index + 1) * imageBytes)).toString('latin1'),
      ),
    )
    expect(new Set(pictures).size).toBe(2400)
  })

  it('takes 6 MB at most', async () => {
    const names = await readdir(sampleDirectory)
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(sampleDirectory, name))).size))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(6_000_000)
  })
})

describe('readDataset of the synthetic set', () => {
  const source = { kind: 'synthetic', trainSamples: 600, testSamples: 200 } as const

  it('is the same every time, balanced, and different for training and test', async () => {
    const train = await readDataset(source, 'train')
    const test = await readDataset(source, 'test')
    expect(samplesByClass(train)).toEqual(Array(10).fill(60))
    expect(samplesByClass(test)).toEqual(Array(10).fill(20))
    expect(Buffer.compare(train.images, (await readDataset(source, 'train')).images)).toBe(0)
    expect(Buffer.compare(train.images.subarray(0, test.images.length), test.images)).not.toBe(0)
  })

  it('can be learnt from the training split and is not trivial pixel by pixel', async () => {
    const train = await readDataset({ ...source, trainSamples: 2000 }, 'train')
    const test = await readDataset(source, 'test')
    expect(nearestMean(train, test, correlations)).toBeGreaterThan(0.9)
    // Phases are random, so that the mean picture of a class is grey.
    expect(nearestMean(train, test, pixels)).toBeLessThan(0.5)
  })
})

type Features = (image: Uint8Array) => Float64Array

const pixels: Features = (image) => Float64Array.from(image)

/** How red at one place goes with each channel some pixels away: blind to a grating's phase. */
const correlations: Features = (image) => {
  const features: number[] = []
  for (const channel of [0, 1, 2]) {
    for (const [right, down] of [
      [1, 0],
      [0, 1],
      [2, 1],
      [1, 2],
      [4, 0],
      [0, 4],
      [3, 3],
      [6, 2],
    ] as const) {
      let sum = 0
      for (let row = 0; row + down < imageSide; row++) {
        for (let column = 0; column + right < imageSide; column++) {
          const here = (image[imageChannels * (row * imageSide + column)] as number) - 128
          const there = imageChannels * ((row + down) * imageSide + column + right) + channel
          sum += here * ((image[there] as number) - 128)
        }
      }
      features.push(sum / 1024)
    }
  }
  return Float64Array.from(features)
}

/** Accuracy of the simplest classifier: the class whose mean features lie nearest. */
function nearestMean(train: Dataset, test: Dataset, features: Features): number {
  const of = ({ images }: Dataset, sample: number) =>
    features(images.subarray(sample * imageBytes, (sample + 1) * imageBytes))
  const means = Array.from({ length: classCount }, () => new Float64Array(of(train, 0).length))
  for (let sample = 0; sample < train.count; sample++) {
    const mean = means[train.labels[sample] as number] as Float64Array
    for (const [index, value] of of(train, sample).entries()) {
      mean[index] = (mean[index] as number) + (value * classCount) / train.count
    }
  }
  let correct = 0
  for (let sample = 0; sample < test.count; sample++) {
    const own = of(test, sample)
    const distances = means.map((mean) =>
      mean.reduce((sum, value, index) => sum + (value - (own[index] as number)) ** 2, 0),
    )
    if (distances.indexOf(Math.min(...distances)) === test.labels[sample]) correct++
  }
  return correct / test.count
}
