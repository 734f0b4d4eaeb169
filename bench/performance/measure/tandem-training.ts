import { join } from 'node:path'
import { cacheFolder } from '../../../src/core/cache-folder.js'
import { spawnNodeChildThrough } from '../../../src/core/child/node-child.js'
import { spawnSocketChild } from '../../../src/core/child/socket-child.js'
import { type Collective, chooseCollective, openCollective } from '../../../src/core/run/collective.js'
import { defaultTimeouts } from '../../../src/core/run/timeouts.js'
import { runTrainerGroup } from '../../../src/core/run/trainer-group.js'
import type {
  FromTrainer,
  StepRecord,
  TrainerBackend,
  TrainerJob,
} from '../../../src/shared/child/trainer-protocol.js'
import type { Precision } from '../../../src/shared/domain/engines.js'
import type { Stem } from '../../../src/shared/domain/models.js'
import { type Strategy, strategies } from '../../../src/shared/domain/strategies.js'
import type { Device } from '../../../src/shared/machine/device.js'
import { median } from '../../../src/shared/statistics/quantiles.js'
import type { BenchContext } from '../context.js'
import type { Isa } from '../isa.js'
import type { Figures } from '../suite.js'

/** How Tandem is to train; `batchSize` is a device's, devices are cores. */
export interface TandemTraining {
  strategy: Strategy
  devices: number
  stem: Stem
  precision: Precision
  batchSize: number
  timedSteps: number
  backend: TrainerBackend
  autotune: boolean
  execution?: 'traced' | 'eager'
}

/** Left out of every time, of PyTorch's too. */
export const untimedSteps = 2

/** Longer than any tuning takes, so that nothing is left untuned for want of time. */
const tuningBudgetMs = 10 * 60_000

/**
 * Trains in fresh trainer processes, the very ones that a run starts, and returns what rank 0 measured: medians over
 * the timed steps. Memory is left out where convolutions were timed in the same process, which takes some itself.
 */
export async function measureTandem(
  { root, launch, cores, isa }: Pick<BenchContext, 'root' | 'launch' | 'cores' | 'isa'>,
  training: TandemTraining,
  signal: AbortSignal,
): Promise<Figures> {
  const devices = cores.slice(0, training.devices).map(cpuDevice)
  const collective = await openCollectiveFor(training, devices)
  const jobs = jobsOf(training, devices, collective, isa)
  const heard: FromTrainer[] = []
  try {
    const outcome = await runTrainerGroup({
      jobs,
      host: {
        spawn: spawnNodeChildThrough(launch.launcher(devices.flatMap((device) => device.cores))),
        spawnCommand: spawnSocketChild,
        entry: join(root, 'out', 'main', 'trainer.js'),
        environment: launch.environment,
        logDirectory: launch.logDirectory,
        timeouts: defaultTimeouts,
      },
      signal,
      onMessage(rank, message) {
        if (rank === 0) heard.push(message)
        return null
      },
      onAllReady: () => void collective?.joined(),
    })
    signal.throwIfAborted()
    if (outcome.kind === 'failed') throw new Error(outcome.error.message)
    if (outcome.kind === 'cancelled') throw new Error('cancelled')
    return figuresOf(training, heard, outcome.peakMemoryBytes / jobs.length)
  } finally {
    await collective?.release()
  }
}

async function openCollectiveFor(
  { strategy, devices: count, stem }: TandemTraining,
  devices: readonly Device[],
): Promise<Collective | null> {
  if (!strategies[strategy].exchangesGradients || count === 1) return null
  const kind = chooseCollective('auto', null, devices, process.platform)
  return openCollective(kind, devices, { modelName: 'resnet18', stem }, defaultTimeouts.collectiveMs)
}

function jobsOf(
  training: TandemTraining,
  devices: readonly Device[],
  collective: Collective | null,
  isa: Isa | null,
): TrainerJob[] {
  const { strategy, stem, precision, batchSize, timedSteps, backend, execution } = training
  const images = batchSize * devices.length
  const shared = {
    runId: 'bench',
    strategy,
    backend,
    modelName: 'resnet18',
    stem,
    data: { kind: 'synthetic', trainSamples: images * (timedSteps + untimedSteps), testSamples: 1 },
    epochs: 1,
    numWorkers: 1,
    maxStepsPerEpoch: -1,
    samplesPerEpoch: null,
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
    seed: 0,
    precision,
    evaluate: false,
    autotune: training.autotune
      ? {
          cacheDirectory: join(cacheFolder(), isa === null ? 'autotune' : `autotune-${isa}`),
          budgetMs: tuningBudgetMs,
          report: false,
        }
      : null,
    collective: collective?.job ?? null,
    ...(execution === undefined ? {} : { execution }),
  } as const
  if (strategies[strategy].processes === 'one')
    return [{ ...shared, rank: 0, worldSize: 1, devices: [...devices], batchSize: images }]
  return devices.map((device, rank) => ({
    ...shared,
    rank,
    worldSize: devices.length,
    devices: [device],
    batchSize,
  }))
}

function cpuDevice(core: number, index: number): Device {
  return { kind: 'cpu', index, description: `core ${core}`, cores: [core] }
}

function figuresOf(
  training: TandemTraining,
  heard: readonly FromTrainer[],
  /** A process. */
  peakMemoryBytes: number,
): Figures {
  const steps = heard
    .flatMap((message) => (message.type === 'steps' ? message.steps : []))
    .slice(untimedSteps)
  const ready = heard.find((message) => message.type === 'ready')
  const warmUp = heard.find((message) => message.type === 'warmed-up')
  const middle = (name: 'stepMs' | 'dataWaitMs' | 'computeMs' | 'communicationMs' | 'updateMs') =>
    median(steps.map((step: StepRecord) => step[name])) ?? Number.NaN
  const tunedNow = (warmUp?.autotune?.timed ?? 0) > 0
  return {
    stepMs: middle('stepMs'),
    imagesPerSecond: (training.batchSize * training.devices * 1000) / middle('stepMs'),
    dataWaitMs: middle('dataWaitMs'),
    computeMs: middle('computeMs'),
    communicationMs: middle('communicationMs'),
    updateMs: middle('updateMs'),
    loadMs: ready?.loadMs ?? Number.NaN,
    traceMs: warmUp?.traceMs ?? Number.NaN,
    firstStepMs: warmUp?.firstStepMs ?? Number.NaN,
    ...(tunedNow ? {} : { peakMemoryBytes }),
  }
}
