import { join } from 'node:path'
import { strategies } from '../../shared/domain/strategies.js'
import type { Measurement } from '../../shared/results.js'
import type { RunConfiguration } from '../../shared/run-configuration.js'
import type { CollectiveJob, DataSource, TrainerBackend, TrainerJob } from '../../shared/trainer-protocol.js'
import { cacheFolder } from '../cache-folder.js'
import { autotuneJob } from './autotune-plan.js'

export interface JobInput {
  runId: string
  configuration: RunConfiguration
  backend: TrainerBackend
  data: DataSource
}

/** The jobs of a measurement's processes: one for all its devices, or one a device. */
export function trainerJobs(
  measurement: Measurement,
  input: JobInput,
  collective: CollectiveJob | null,
): TrainerJob[] {
  const { configuration } = input
  const shared = {
    runId: input.runId,
    strategy: measurement.strategy,
    worldSize: measurement.worldSize,
    backend: input.backend,
    modelName: configuration.modelName,
    stem: configuration.stem,
    data: input.data,
    epochs: configuration.epochs,
    numWorkers: configuration.numWorkers,
    maxStepsPerEpoch: configuration.maxStepsPerEpoch,
    samplesPerEpoch: configuration.samplesPerEpoch,
    learningRate: configuration.learningRate,
    momentum: configuration.momentum,
    weightDecay: configuration.weightDecay,
    seed: configuration.seed,
    initialWeightsDirectory: join(cacheFolder(), 'initial-weights'),
    precision: configuration.precision,
    evaluate: configuration.evaluate,
    autotune: autotuneJob(configuration, measurement.devices),
    gradientCompression: configuration.gradientCompression,
    collective,
  }
  if (strategies[measurement.strategy].processes === 'one') {
    return [{ ...shared, rank: 0, devices: measurement.devices, batchSize: measurement.globalBatchSize }]
  }
  return measurement.devices.map((device, rank) => ({
    ...shared,
    rank,
    devices: [device],
    batchSize: measurement.perDeviceBatchSize,
  }))
}
