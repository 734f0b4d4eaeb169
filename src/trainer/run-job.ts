import type { TrainerJob } from '../shared/child/trainer-protocol.js'
import { monotonicNowMs } from '../shared/clock.js'
import { epochShape } from '../shared/data/epoch-order.js'
import { type BatchLoaderOptions, createBatchLoader } from './data/batch-loader.js'
import type { Dataset } from './data/dataset.js'
import type { BatchLoader } from './data/loader.js'
import { readDataset } from './data/read-dataset.js'
import type { HostChannel } from './host-channel.js'
import { parameterChecksum } from './model/parameter-checksum.js'
import { platform } from './platform/index.js'
import { createStrategy } from './strategies/create-strategy.js'
import type { TrainingStrategy } from './strategies/strategy.js'

/** Images a step of evaluation. */
const evaluationBatchSize = 256

/**
 * Trains, or tunes, as the job says and reports through `channel`. Resolves when that is done; rejects with the first
 * error, and soon after `stop` is aborted.
 */
export async function runJob(job: TrainerJob, channel: HostChannel, stop: AbortSignal): Promise<void> {
  // Before TensorFlow is loaded: threads inherit the cores of those that start them.
  const cores = job.devices.flatMap((device) => device.cores)
  // A trainer on GPUs feeds them from whichever core is free.
  if (cores.length > 0) platform.pinToCores(cores)
  const loadStartedAt = performance.now()
  const strategy = await createStrategy(job, stop)
  const loaders: BatchLoader[] = []
  try {
    channel.send({
      type: 'ready',
      ...strategy.engine,
      collective: strategy.collective,
      loadMs: performance.now() - loadStartedAt,
    })
    if (job.purpose === 'tune') {
      const autotune = await strategy.tune([job.batchSize], (progress) =>
        channel.send({ type: 'tuning', ...progress }),
      )
      channel.send({ type: 'tuned', autotune })
      return
    }
    const training = await openTraining(job)
    loaders.push(training.loader)
    const evaluation = job.evaluate ? await openEvaluation(job) : null
    if (evaluation !== null) loaders.push(evaluation.loader)

    const warmUp = await strategy.warmUp({
      training: training.batchSizes,
      evaluation: evaluation?.batchSizes ?? [],
    })
    channel.send({ type: 'warmed-up', ...warmUp, stepsPerEpoch: training.loader.stepsPerEpoch })
    for (let epoch = 0; epoch < job.epochs; epoch++) {
      const trained = await trainEpoch(epoch, strategy, training.loader, channel, stop)
      await strategy.shareBuffers()
      const testAccuracy = evaluation === null ? null : await evaluate(strategy, evaluation, stop)
      const checksum = parameterChecksum(strategy.model)
      channel.send({
        type: 'epoch',
        epoch: { epoch, ...trained, testAccuracy, parameterChecksum: checksum },
      })
    }
  } finally {
    await Promise.all(loaders.map((loader) => loader.close()))
    await strategy.dispose()
  }
}

interface OpenData {
  loader: BatchLoader
  /** Every batch size of an epoch, the usual one first. */
  batchSizes: number[]
  /** Images of this rank's share that are not there to make shares equal. */
  ownImages: number
}

async function openTraining(job: TrainerJob): Promise<OpenData> {
  return openData(job, await readDataset(job.data, 'train'), {
    batchSize: job.batchSize,
    maxStepsPerEpoch: job.maxStepsPerEpoch,
    samplesPerEpoch: job.samplesPerEpoch,
    numWorkers: job.numWorkers,
    augment: true,
    shuffle: true,
  })
}

async function openEvaluation(job: TrainerJob): Promise<OpenData> {
  return openData(job, await readDataset(job.data, 'test'), {
    batchSize: evaluationBatchSize,
    maxStepsPerEpoch: -1,
    samplesPerEpoch: null,
    numWorkers: 0,
    augment: false,
    shuffle: false,
  })
}

type DataPlan = Omit<BatchLoaderOptions, 'dataset' | 'rank' | 'worldSize' | 'seed'>

/** DDP's ranks each load their own share; the one process of Single and DP loads everything. */
function openData({ rank, worldSize, seed }: TrainerJob, dataset: Dataset, plan: DataPlan): OpenData {
  const { count } = dataset
  const loader = createBatchLoader({ ...plan, dataset, rank, worldSize, seed })
  const { stepsPerEpoch, lastBatchSize } = epochShape({
    ...plan,
    samplesPerEpoch: plan.samplesPerEpoch ?? null,
    worldSize,
    count,
  })
  const full = stepsPerEpoch > 1 ? [plan.batchSize] : []
  return {
    loader,
    batchSizes: [...new Set([...full, lastBatchSize])],
    ownImages: Math.ceil((count - rank) / worldSize),
  }
}

async function trainEpoch(
  epoch: number,
  strategy: TrainingStrategy,
  loader: BatchLoader,
  channel: HostChannel,
  stop: AbortSignal,
) {
  const epochStartedAt = performance.now()
  loader.startEpoch(epoch)
  let lossSum = 0
  let images = 0
  let step = 0
  for (;;) {
    stop.throwIfAborted()
    const startedAtMs = monotonicNowMs()
    const batch = await loader.next()
    if (batch === null) break
    const dataWaitMs = monotonicNowMs() - startedAtMs
    const outcome = await strategy.step(batch)
    const stepMs = monotonicNowMs() - startedAtMs
    channel.sendStep({ epoch, step, images: batch.size, startedAtMs, stepMs, dataWaitMs, ...outcome })
    lossSum += outcome.loss * batch.size
    images += batch.size
    step++
  }
  const seconds = (performance.now() - epochStartedAt) / 1000
  const [totalLoss, totalImages] = (await strategy.sumOverRanks([lossSum, images])) as [number, number]
  return { loss: totalLoss / totalImages, seconds, images: totalImages, steps: step }
}

/** Share of test images classified correctly, over all ranks. Off the epoch's clock. */
async function evaluate(
  strategy: TrainingStrategy,
  { loader, ownImages }: OpenData,
  stop: AbortSignal,
): Promise<number> {
  loader.startEpoch(0)
  let correct = 0
  let images = 0
  for (;;) {
    stop.throwIfAborted()
    const batch = await loader.next()
    if (batch === null) break
    // An image that only pads this rank's share is another rank's to count.
    const own = Math.min(batch.size, ownImages - images)
    batch.labels.fill(-1, own, batch.size)
    correct += await strategy.countCorrect(batch)
    images += own
  }
  const [totalCorrect, totalImages] = (await strategy.sumOverRanks([correct, images])) as [number, number]
  return totalCorrect / totalImages
}
