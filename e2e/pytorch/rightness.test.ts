import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { unpackSample } from '../../src/core/engine/pytorch/unpack-sample.js'
import type { DataSource } from '../../src/shared/child/trainer-protocol.js'
import { createBatchLoader } from '../../src/trainer/data/batch-loader.js'
import { readDataset } from '../../src/trainer/data/read-dataset.js'
import { goldenDeviations } from '../../src/trainer/golden/deviations.js'
import type { GoldenValues } from '../../src/trainer/golden/golden-case.js'
import { readGoldenFile } from '../../src/trainer/golden/read-golden-file.js'
import { enter, joinNamespaces, removeNamespaces } from '../machines/joined-namespaces.js'
import { describeWithTwoMachines, twoEnds } from '../machines/two-machines.js'
import { check, checkOn, describeWithPyTorch } from './pytorch.js'

interface Batch {
  rank: number
  epoch: number
  size: number
  digest: string
}

/** Of each epoch: some of the samples, in fewer steps than they make; and more than there are. */
const plans = {
  part: { samplesPerEpoch: 250, maxStepsPerEpoch: 3 },
  'more than once': { samplesPerEpoch: 700, maxStepsPerEpoch: -1 },
} as const

type Plan = keyof typeof plans

/** What Tandem's own loader makes of the plan that check.py has. */
async function ownBatches(source: DataSource, plan: Plan): Promise<Batch[]> {
  const dataset = await readDataset(source, 'train')
  const batches: Batch[] = []
  for (const rank of [0, 1]) {
    const loader = createBatchLoader({
      ...{ dataset, rank, worldSize: 2, seed: 7, batchSize: 48, ...plans[plan] },
      ...{ numWorkers: 0, augment: true, shuffle: true },
    })
    for (const epoch of [0, 1]) {
      loader.startEpoch(epoch)
      for (let batch = await loader.next(); batch !== null; batch = await loader.next()) {
        const labels = Uint8Array.from(batch.labels)
        const digest = createHash('sha256').update(batch.images).update(labels).digest('hex')
        batches.push({ rank, epoch, size: batch.size, digest })
      }
    }
    await loader.close()
  }
  return batches
}

function pytorchBatches(source: DataSource, plan: Plan, workers: number): Promise<Batch[]> {
  const { samplesPerEpoch, maxStepsPerEpoch } = plans[plan]
  const shape = ['--samples', String(samplesPerEpoch), '--max-steps', String(maxStepsPerEpoch)]
  return check('batches', '--workers', String(workers), '--source', JSON.stringify(source), ...shape)
}

interface RankAnswer {
  checksum?: string
  difference?: number
}

/** One step of two ranks, against one process that runs both shards and averages their gradients. */
async function expectShardsAveraged(rankOf: (rank: 0 | 1) => Promise<RankAnswer[]>): Promise<void> {
  const [first, second] = await Promise.all([rankOf(0), rankOf(1)])
  expect(first[0]?.checksum).toMatch(/^[0-9a-f]{64}$/)
  expect(first[0]).toEqual(second[0])
  expect(first[1]?.difference).toBeLessThan(1e-5)
}

describeWithPyTorch('PyTorch’s trainer', () => {
  const sample = fileURLToPath(new URL('../../resources/cifar10-sample', import.meta.url))

  it('trains on the same batches, bit for bit: order, crops and flips', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-sample-'))
    try {
      const directory = await unpackSample(sample, { TANDEM_CACHE_DIR: folder })
      expect(await pytorchBatches({ kind: 'cifar10', directory }, 'part', 0)).toEqual(
        await ownBatches({ kind: 'sample', directory: sample }, 'part'),
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('does so on generated pictures too, and from workers, and when it goes through them more than once', async () => {
    const source: DataSource = { kind: 'synthetic', trainSamples: 300, testSamples: 10 }
    expect(await pytorchBatches(source, 'more than once', 2)).toEqual(
      await ownBatches(source, 'more than once'),
    )
  })

  it('has the golden values', { timeout: 300_000 }, async () => {
    const cases = await check<{
      modelName: 'resnet18' | 'resnet34'
      stem: 'torchvision' | 'cifar'
      values: GoldenValues
    }>('golden')
    expect(cases).toHaveLength(3)
    for (const { values, ...goldenCase } of cases) {
      const deviations = goldenDeviations(readGoldenFile(goldenCase).expected, values)
      expect(deviations.filter(({ relative, tolerance }) => !(relative <= tolerance))).toEqual([])
    }
  })

  it('in DDP equals the shards one after the other, averaged; ranks are bit-equal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-ddp-'))
    try {
      await expectShardsAveraged((rank) =>
        check('ddp', '--rank', String(rank), '--meeting', join(folder, 'meeting')),
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  describeWithTwoMachines('on two machines', () => {
    const ends = twoEnds(`${process.pid}r`)
    beforeAll(() => joinNamespaces(ends))
    afterAll(() => removeNamespaces(ends))

    it('equals the shards one after the other, averaged; ranks are bit-equal', async () => {
      const meeting = ['--address', ends[0].address, '--port', '29400']
      await expectShardsAveraged((rank) =>
        checkOn(enter(ends[rank]), ends[rank].link, 'ddp', '--rank', String(rank), ...meeting),
      )
    })
  })
})
