import { assertNever, TandemError } from '../../shared/errors.js'
import type { TrainerJob } from '../../shared/trainer-protocol.js'
import type { HostAllReduce } from '../collectives/all-reduce.js'
import { createFileAllReduce } from '../collectives/files.js'
import { createSharedMemoryAllReduce } from '../collectives/shared-memory.js'
import { exchangeByCopy } from '../collectives/tensor-exchange.js'
import { layOutVector } from '../collectives/vector-layout.js'
import { type Architecture, createModel } from '../model/create-model.js'
import { createMappedReducer, exchangeByMapping } from '../runtime/mapped-exchange.js'
import { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import { createBackend } from './create-backend.js'
import { createDataParallel } from './data-parallel.js'
import { createWasmDataParallel } from './data-parallel-wasm.js'
import { createDistributed } from './distributed-data-parallel.js'
import { createSingle } from './single.js'
import type { TrainingStrategy } from './strategy.js'
import { createTrainingProgram, type TrainingProgram } from './training-program.js'

/** Loads the engine, builds the model and, in a group, meets the other ranks. The caller disposes it. */
export async function createStrategy(
  job: TrainerJob,
  stop: AbortSignal,
  architecture: Architecture = { kind: 'resnet', modelName: job.modelName, stem: job.stem },
): Promise<TrainingStrategy> {
  const backend = await createBackend(job)
  const program = createTrainingProgram(backend, createModel(architecture, job.seed), job)
  switch (job.strategy) {
    case 'single':
      return createSingle(program)
    case 'dp':
      return backend.name === 'wasm' ? startReplicas(job, program, architecture) : createDataParallel(program)
    case 'ddp':
      return joinDistributed(job, program, stop)
    default:
      return assertNever(job.strategy, 'strategy')
  }
}

function startReplicas(
  { devices, batchSize }: TrainerJob,
  program: TrainingProgram,
  architecture: Architecture,
): TrainingStrategy {
  return createWasmDataParallel({
    program,
    architecture,
    deviceCount: devices.length,
    globalBatchSize: batchSize,
  })
}

async function joinDistributed(
  job: TrainerJob,
  program: TrainingProgram,
  stop: AbortSignal,
): Promise<TrainingStrategy> {
  const { backend, model } = program
  const variables = [...model.parameters, ...model.buffers].map(({ variable }) => variable)
  const { parts, elementCount } = layOutVector(variables.map(({ shape }) => shape))
  const gradientParts = parts.slice(0, model.parameters.length)
  const group = await joinGroup(
    job,
    backend instanceof TensorFlowBackend ? backend : null,
    elementCount,
    stop,
  )
  const exchange =
    backend instanceof TensorFlowBackend && group.mapping !== null
      ? exchangeByMapping(backend, group.mapping, job.rank, gradientParts)
      : exchangeByCopy(group, gradientParts)
  return createDistributed({ program, group, exchange, parts, stop })
}

async function joinGroup(
  { collective, rank, worldSize }: TrainerJob,
  tensorflow: TensorFlowBackend | null,
  elementCount: number,
  signal: AbortSignal,
): Promise<HostAllReduce> {
  if (collective === null) throw missingCollective()
  const member = { rank, worldSize, elementCount, timeoutMs: collective.timeoutMs, signal }
  switch (collective.kind) {
    case 'shared-memory': {
      const reducer = tensorflow === null ? {} : createMappedReducer(tensorflow)
      return createSharedMemoryAllReduce({ ...member, ...reducer, path: collective.path })
    }
    case 'files':
      return createFileAllReduce({ ...member, directory: collective.directory })
    case 'tensorflow':
      throw missingCollective()
    default:
      return assertNever(collective, 'collective')
  }
}

function missingCollective(): TandemError {
  return new TandemError({
    code: 'internal',
    message: 'a DDP trainer was started without a way to exchange gradients',
    hint: 'This is a defect in Tandem; please report it with the log.',
  })
}
