import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { imageBytes } from '../../shared/data/cifar10.js'
import { epochOrder } from '../../shared/data/epoch-order.js'
import { type BatchLoaderOptions, createBatchLoader } from './batch-loader.js'
import { type BuiltWorker, buildDataWorker } from './data-worker.fixture.js'
import type { Dataset } from './dataset.js'
import type { BatchLoader } from './loader.js'
import { generateSynthetic } from './synthetic.js'

const count = 203

const patience = { timeout: 30_000, interval: 50 }

const reportSchema = z.object({ workers: z.array(z.object({ header: z.object({ threadId: z.number() }) })) })

/** Ids of this process's worker threads. */
const workerThreads = () => {
  const { workers } = reportSchema.parse(process.report.getReport())
  return workers.map(({ header }) => header.threadId)
}

let worker: BuiltWorker
let dataset: Dataset
let loader: BatchLoader | undefined

beforeAll(async () => {
  worker = await buildDataWorker()
  dataset = await generateSynthetic({ count, seed: 1, split: 'train' })
})

afterAll(() => worker.remove())

afterEach(async () => {
  await loader?.close()
  loader = undefined
})

function open(options: Partial<BatchLoaderOptions> = {}): BatchLoader {
  loader = createBatchLoader({
    dataset,
    batchSize: 16,
    seed: 7,
    rank: 0,
    worldSize: 1,
    numWorkers: 2,
    maxStepsPerEpoch: -1,
    samplesPerEpoch: null,
    augment: true,
    shuffle: true,
    workerUrl: worker.url,
    ...options,
  })
  return loader
}

interface Copy {
  /** One character a byte: equal strings compare fast. */
  images: string
  labels: number[]
}

const picture = (images: string, index: number) => images.slice(index * imageBytes, (index + 1) * imageBytes)

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

async function readEpoch(from: BatchLoader, epoch: number): Promise<Copy[]> {
  from.startEpoch(epoch)
  const batches: Copy[] = []
  for (let batch = await from.next(); batch; batch = await from.next()) {
    batches.push({ images: text(batch.images), labels: [...batch.labels] })
  }
  return batches
}

async function readAll(options: Partial<BatchLoaderOptions>): Promise<Copy[]> {
  const opened = open(options)
  const batches = [...(await readEpoch(opened, 0)), ...(await readEpoch(opened, 1))]
  await opened.close()
  return batches
}

/** A data worker with trouble of its own, in front of the real one. */
async function troubledWorker(name: string, trouble: string): Promise<URL> {
  const path = join(worker.directory, `${name}.mjs`)
  const lines = ["import { parentPort } from 'node:worker_threads'", trouble, `import './data-worker.mjs'`]
  await writeFile(path, lines.join('\n'))
  return pathToFileURL(path)
}

describe.each([0, 1, 3])('createBatchLoader with %i data workers', (numWorkers) => {
  it('delivers the pictures of the epoch in order, the last batch smaller', async () => {
    const opened = open({ numWorkers, augment: false })
    const batches = await readEpoch(opened, 2)
    expect(opened.stepsPerEpoch).toBe(13)
    expect(batches.map((batch) => batch.labels.length)).toEqual([...Array(12).fill(16), 11])
    const order = epochOrder({ count, seed: 7, epoch: 2, rank: 0, worldSize: 1, shuffle: true })
    expect(batches.flatMap((batch) => batch.labels)).toEqual(
      [...order].map((sample) => dataset.labels[sample]),
    )
    const all = text(dataset.images)
    const pixels = [...order].map((sample) => picture(all, sample))
    expect(batches.map((batch) => batch.images).join('') === pixels.join('')).toBe(true)
  })

  it('ends an epoch after maxStepsPerEpoch steps and stays at its end', async () => {
    const opened = open({ numWorkers, maxStepsPerEpoch: 3 })
    expect(opened.stepsPerEpoch).toBe(3)
    expect(await readEpoch(opened, 0)).toHaveLength(3)
    expect(await opened.next()).toBeNull()
  })

  it('has nothing to deliver before an epoch is started', async () => {
    expect(await open({ numWorkers }).next()).toBeNull()
  })

  it('starts an epoch over when it is started again in the middle', async () => {
    const whole = await readEpoch(open({ numWorkers }), 1)
    await loader?.close()
    const opened = open({ numWorkers })
    opened.startEpoch(0)
    await opened.next()
    opened.startEpoch(1)
    expect(await readEpoch(opened, 1)).toEqual(whole)
  })

  it('rejects after it was closed, and may be closed again', async () => {
    const opened = open({ numWorkers })
    opened.startEpoch(0)
    const awaited = opened.next().then(
      () => opened.next(),
      (error: unknown) => Promise.reject(error),
    )
    await Promise.all([expect(awaited).rejects.toMatchObject({ code: 'loader-closed' }), opened.close()])
    await expect(opened.next()).rejects.toMatchObject({ code: 'loader-closed' })
    await opened.close()
  })
})

describe('createBatchLoader', () => {
  it('delivers the same bytes whatever the number of workers and of prefetched batches', async () => {
    const inProcess = await readAll({ numWorkers: 0 })
    expect(await readAll({ numWorkers: 1, prefetchBatches: 1 })).toEqual(inProcess)
    expect(await readAll({ numWorkers: 3, prefetchBatches: 7 })).toEqual(inProcess)
  })

  it('delivers batches larger than the trainer prepares in one turn', async () => {
    const large = await generateSynthetic({ count: 1300, seed: 1, split: 'train' })
    const options = { dataset: large, batchSize: 1200 }
    expect(await readAll({ ...options, numWorkers: 0 })).toEqual(await readAll(options))
  })

  it('keeps the order where one worker is slower than the others', async () => {
    const workerUrl = await troubledWorker(
      'slow',
      `import { threadId } from 'node:worker_threads'
       const pause = new Int32Array(new SharedArrayBuffer(4))
       parentPort.on('message', () => Atomics.wait(pause, 0, 0, threadId % 2 === 0 ? 20 : 0))`,
    )
    expect(await readAll({ workerUrl, prefetchBatches: 6 })).toEqual(await readAll({ numWorkers: 0 }))
  })

  it('gives ranks the shares of one global batch, augmented alike', async () => {
    const pictures = ({ images, labels }: Copy) =>
      labels.map((label, index) => `${label} ${picture(images, index)}`)
    const [single] = await readAll({ batchSize: 32 })
    const [rank0] = await readAll({ rank: 0, worldSize: 2 })
    const [rank1] = await readAll({ rank: 1, worldSize: 2 })
    const shares = [...pictures(rank0 as Copy), ...pictures(rank1 as Copy)]
    expect(shares.sort()).toEqual(pictures(single as Copy).sort())
  })

  it('leaves a delivered batch alone until the next one is asked for', async () => {
    const opened = open({ prefetchBatches: 1, numWorkers: 1 })
    const [first, second] = await readEpoch(opened, 0)
    opened.startEpoch(0)
    const batch = await opened.next()
    // Other epochs are prepared meanwhile; only their own slots may change.
    opened.startEpoch(1)
    opened.startEpoch(0)
    await setTimeout(50)
    expect(batch && text(batch.images)).toEqual(first?.images)
    await opened.next()
    expect(text((await opened.next())?.images ?? new Uint8Array())).toEqual(second?.images)
  })

  it.each([
    { end: 'an exception', trouble: "throw new Error('no such luck')", message: /no such luck/ },
    { end: 'an exit', trouble: 'process.exit(3)', message: /exit code 3/ },
  ])('rejects when $end ends a worker', async ({ end, trouble, message }) => {
    const name = `ends-by-${end.replace(' ', '-')}`
    const workerUrl = await troubledWorker(name, `parentPort.on('message', () => { ${trouble} })`)
    const opened = open({ workerUrl })
    opened.startEpoch(0)
    const readOn = async () => {
      while (await opened.next());
    }
    await expect(readOn()).rejects.toMatchObject({
      code: 'data-worker-failed',
      message: expect.stringMatching(message),
    })
    await expect(opened.next()).rejects.toMatchObject({ code: 'data-worker-failed' })
  })

  it('rejects when a worker cannot start', async () => {
    const opened = open({ workerUrl: pathToFileURL(join(worker.directory, 'nowhere.mjs')) })
    opened.startEpoch(0)
    await expect(opened.next()).rejects.toMatchObject({ code: 'data-worker-failed' })
  })

  it('takes its threads along when it is closed with work under way', async () => {
    const before = new Set(workerThreads())
    const opened = open({ numWorkers: 3 })
    opened.startEpoch(0)
    await opened.next()
    // Those that the first batch did not need may still be starting.
    const own = await vi.waitFor(() => {
      const ids = workerThreads().filter((id) => !before.has(id))
      expect(ids).toHaveLength(3)
      return ids
    }, patience)
    await opened.close()
    expect(workerThreads().filter((id) => own.includes(id))).toEqual([])
  })
})
