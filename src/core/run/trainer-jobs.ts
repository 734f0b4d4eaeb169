import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type {
  CollectiveJob,
  DataSource,
  TrainerBackend,
  TrainerJob,
} from '../../shared/child/trainer-protocol.js'
import { slowRankOf } from '../../shared/domain/slow-rank.js'
import { strategies } from '../../shared/domain/strategies.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import { isHere, machineOf } from '../../shared/machine/device.js'
import type { Measurement } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { cacheFolder } from '../cache-folder.js'
import { type ScriptSetup, scriptJob, scriptProgram, sharesOf } from '../script/script-jobs.js'
import { autotuneJob } from './autotune-plan.js'
import { type PyTorchSettings, pytorchJob } from './pytorch-job.js'

export interface JobInput {
  runId: string
  configuration: RunConfiguration
  /** Of every engine that is measured. */
  backends: readonly TrainerBackend[]
  data: DataSource
  /** What a script is started with; absent for Tandem's own training. */
  scriptSetup?: ScriptSetup | undefined
}

/**
 * The jobs of a measurement's processes: one for all its devices, or one a device.
 *
 * @param interfaceName by which ranks on other machines are reached, where there are any
 */
export function trainerJobs(
  measurement: Measurement,
  input: JobInput,
  collective: CollectiveJob | null,
  interfaceName: string | null = null,
): TrainerJob[] {
  const { configuration, scriptSetup } = input
  const { script } = configuration
  const backend = backendOf(measurement, input)
  const shared = {
    runId: input.runId,
    strategy: measurement.strategy,
    worldSize: measurement.worldSize,
    backend,
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
    autotune: autotuneJob(configuration, backend.name, measurement.devices),
    gradientCompression: configuration.gradientCompression,
    collective,
    // Also of the group on one machine: it is what the others are held against.
    ...(collective !== null &&
      script === undefined &&
      isOfSeveralMachines(measurement) && { timesAllReduces: true }),
  }
  if (script !== undefined && scriptSetup !== undefined) {
    const shares = sharesOf(measurement.devices, randomBytes(8).toString('hex'))
    const share = shares.find(({ machine }) => machine === 0) ?? null
    const meeting =
      share === null || collective?.kind !== 'torch-network' || interfaceName === null
        ? null
        : { share, address: collective.address, port: collective.port, interfaceName }
    const here = { ...measurement, devices: measurement.devices.filter(isHere) }
    // Other machines start the script by their own command.
    const program = scriptProgram(script, here, scriptSetup, meeting)
    return measurement.devices.map((device, rank) => ({
      ...{ ...shared, program, rank, devices: [device] },
      script: scriptJob(script, shares.find(({ machine }) => machine === machineOf(device)) ?? null),
      batchSize: measurement.perDeviceBatchSize,
    }))
  }
  if (strategies[measurement.strategy].processes === 'one') {
    const job = { ...shared, rank: 0, devices: measurement.devices, batchSize: measurement.globalBatchSize }
    return [withProgram(job, configuration, interfaceName)]
  }
  const slowRank = slowRankOf(configuration.slowRank)
  return measurement.devices.map((device, rank) =>
    withProgram(
      {
        ...shared,
        rank,
        devices: [device],
        batchSize: measurement.perDeviceBatchSize,
        ...(slowRank?.rank === rank && { slowdown: slowRank.factor }),
      },
      configuration,
      interfaceName,
    ),
  )
}

/** The devices of a run over several machines say which of them has them. */
function isOfSeveralMachines({ devices }: Measurement): boolean {
  return devices.some(({ machine }) => machine !== undefined)
}

function backendOf({ backend }: Measurement, { backends }: JobInput): TrainerBackend {
  const found = backends.find(({ name }) => name === backend) ?? backends[0]
  if (found !== undefined) return found
  throw new TandemError({ code: 'internal', message: 'a run without an engine', hint: '' })
}

/** The job, with its own program where Tandem's trainer does not have that engine. */
export function withProgram(
  job: TrainerJob,
  configuration: PyTorchSettings,
  interfaceName: string | null,
): TrainerJob {
  switch (job.backend.name) {
    case 'tensorflow':
    case 'wasm':
      return job
    case 'pytorch':
      return pytorchJob(job, job.backend, configuration, interfaceName)
    default:
      return assertNever(job.backend, 'engine')
  }
}
