import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type BuiltEntry, buildForNode } from '../../child/test-support/build-entry.js'
import type { CollectiveJob, TrainerJob } from '../../shared/child/trainer-protocol.js'
import type { ErrorReport } from '../../shared/errors.js'
import {
  describeWithNetworkNamespace,
  type NetworkNamespace,
  openNetworkNamespace,
} from '../test-support/network-namespace.js'
import { describeWithTensorFlow, tensorflowLibraryDir } from '../test-support/tensorflow.js'
import { startTrainer, type Trainer } from '../test-support/trainer.js'

/** ResNet-18, whose gradients fill several buckets, on small batches and for longer than any test takes. */
function jobOf(rank: number, collective: CollectiveJob, maxStepsPerEpoch = -1): TrainerJob {
  return {
    runId: 'pair',
    strategy: 'ddp',
    rank,
    worldSize: 2,
    devices: [{ kind: 'cpu', index: rank, description: 'test', cores: [0] }],
    backend: { name: 'tensorflow', libraryDir: tensorflowLibraryDir },
    modelName: 'resnet18',
    stem: 'torchvision',
    data: { kind: 'synthetic', trainSamples: 4_000, testSamples: 8 },
    batchSize: 2,
    epochs: 1,
    numWorkers: 0,
    maxStepsPerEpoch,
    samplesPerEpoch: null,
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
    seed: 5,
    precision: 'fp32',
    evaluate: false,
    collective,
  }
}

const inGraph: CollectiveJob = {
  kind: 'tensorflow',
  addresses: ['127.0.0.1:4100', '127.0.0.1:4101'],
  timeoutMs: 60_000,
}

describeWithTensorFlow('DDP trainers', () => {
  describeWithNetworkNamespace('over TensorFlow collectives', () => {
    let built: BuiltEntry
    let network: NetworkNamespace
    let folder: string
    const started: Trainer[] = []

    beforeAll(async () => {
      built = await buildForNode('trainer/index.ts', 'child/watchdog-worker.ts')
      network = await openNetworkNamespace()
      folder = await mkdtemp(join(tmpdir(), 'tandem-trainers-'))
    })
    afterEach(async () => {
      for (const { process } of started) process.kill('SIGKILL')
      await Promise.all(started.map(({ exit }) => exit))
      started.length = 0
    })
    afterAll(async () => {
      await network.close()
      await built.dispose()
      await rm(folder, { recursive: true })
    })

    function start(job: TrainerJob): Trainer {
      const trainer = startTrainer(built.path, network, job)
      started.push(trainer)
      return trainer
    }

    function startPair(collective: CollectiveJob, maxStepsPerEpoch?: number): [Trainer, Trainer] {
      return [start(jobOf(0, collective, maxStepsPerEpoch)), start(jobOf(1, collective, maxStepsPerEpoch))]
    }

    async function startTraining(collective: CollectiveJob): Promise<[Trainer, Trainer]> {
      const pair = startPair(collective)
      await Promise.all(pair.map((trainer) => trainer.says('steps')))
      return pair
    }

    async function trainThreeSteps(collective: CollectiveJob) {
      const pair = startPair(collective, 3)
      const ends = pair.map(async (trainer) => {
        const { steps } = await trainer.says('steps')
        const { epoch } = await trainer.says('epoch')
        await trainer.says('done')
        expect(await trainer.exit).toBe(0)
        return { epoch, firstStep: steps[0] }
      })
      return (await Promise.all(ends)) as [Awaited<(typeof ends)[0]>, Awaited<(typeof ends)[0]>]
    }

    async function failureOf(trainer: Trainer): Promise<ErrorReport> {
      const { error } = await trainer.says('failed')
      expect(await trainer.exit).toBe(1)
      return error
    }

    it('train as over shared memory, in one call a step', async () => {
      const path = join(folder, 'group')
      const [expected] = await trainThreeSteps({ kind: 'shared-memory', path, timeoutMs: 60_000 })
      const [first, second] = await trainThreeSteps(inGraph)
      expect(first.epoch.loss).toBeCloseTo(expected.epoch.loss as number, 5)
      expect(second.epoch.parameterChecksum).toBe(first.epoch.parameterChecksum)
      expect(first.firstStep).toMatchObject({ communicationMs: 0, updateMs: 0, arrivedAtMs: null })
    })

    it('fail with the name of a rank that is killed', async () => {
      const [survivor, killed] = await startTraining(inGraph)
      killed.process.kill('SIGKILL')
      expect(await failureOf(survivor)).toMatchObject({
        code: 'collective-failed',
        message: expect.stringContaining('rank 1 is gone'),
        rank: 0,
      })
    })

    it('fail when the time is up with the name of a rank that hangs', async () => {
      const [survivor, hanging] = await startTraining({ ...inGraph, timeoutMs: 10_000 })
      hanging.process.kill('SIGSTOP')
      expect(await failureOf(survivor)).toMatchObject({
        code: 'collective-timeout',
        message: 'rank 1 did not arrive within 10 s',
        rank: 0,
      })
    })

    it('stop while they wait for a rank', async () => {
      const [waiting, hanging] = await startTraining(inGraph)
      hanging.process.kill('SIGSTOP')
      waiting.send({ type: 'stop' })
      await waiting.says('stopped')
      expect(await waiting.exit).toBe(0)
    })

    it('fail at once when their port is taken', async () => {
      const listen = `require('net').createServer().listen(4101, '127.0.0.1', () => console.log('listening'))`
      const [command, ...leading] = network.enter
      const squatter = spawn(command, [...leading, process.execPath, '-e', listen])
      try {
        await once(squatter.stdout, 'data')
        expect(await failureOf(start(jobOf(1, inGraph)))).toMatchObject({
          code: 'address-in-use',
          message: expect.stringContaining('127.0.0.1:4101: address already in use'),
        })
      } finally {
        squatter.kill('SIGKILL')
      }
    })
  })
})
