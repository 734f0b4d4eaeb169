import type { CollectiveJob, TrainerJob } from '../../shared/child/trainer-protocol.js'
import { isOwnModel } from '../../shared/domain/models.js'
import type { GradientCompression } from '../../shared/domain/settings/devices.js'
import { assertNever, TandemError } from '../../shared/errors.js'
import type { HostAllReduce, WireFormat } from '../collectives/all-reduce.js'
import { createFileAllReduce } from '../collectives/files.js'
import { createSharedMemoryAllReduce } from '../collectives/shared-memory.js'
import { exchangeByCopy } from '../collectives/tensor-exchange.js'
import { createTensorFlowGroup } from '../collectives/tensorflow-group.js'
import { layOutVector } from '../collectives/vector-layout.js'
import type { Classifier } from '../model/classifier.js'
import { type Architecture, createModel } from '../model/create-model.js'
import { openInitialWeights } from '../model/initial-weights.js'
import { drawnFrom } from '../model/variables.js'
import { createMappedReducer, exchangeByMapping, type MappedReducer } from '../runtime/mapped-exchange.js'
import { TensorFlowBackend } from '../runtime/tensorflow-backend.js'
import { createAutotuner } from './create-autotuner.js'
import { createBackend } from './create-backend.js'
import { createDataParallel } from './data-parallel.js'
import { createWasmDataParallel } from './data-parallel-wasm.js'
import { createDistributed } from './distributed-data-parallel.js'
import { createHostMemoryStep, overHostMemory } from './distributed-host-memory.js'
import { createInGraphStep } from './distributed-in-graph.js'
import { createSingle } from './single.js'
import type { TrainingStrategy } from './strategy.js'
import { createTrainingProgram, type TrainingProgram } from './training-program.js'

/** The network that a job names. */
function architectureOf({ modelName, stem }: TrainerJob): Architecture {
  if (isOwnModel(modelName)) return { kind: 'resnet', modelName, stem }
  throw new TandemError({
    code: 'engine-unsuitable',
    message: `${modelName} is a model of torchvision's, which this engine does not have`,
    hint: 'Train it with --backend pytorch.',
  })
}

/** Loads the engine, builds the model and, in a group, meets the other ranks. The caller disposes it. */
export async function createStrategy(
  job: TrainerJob,
  stop: AbortSignal,
  architecture: Architecture = architectureOf(job),
): Promise<TrainingStrategy> {
  const backend = await createBackend(job)
  const autotuner = createAutotuner(job, backend, stop)
  const model = await createInitialModel(job, architecture)
  const program = createTrainingProgram(backend, model, job, autotuner)
  switch (job.strategy) {
    case 'single':
      return createSingle(program)
    case 'dp':
      return backend.name === 'wasm' ? startReplicas(job, program, architecture) : createDataParallel(program)
    case 'ddp':
      // A group of one has nobody to exchange with.
      if (job.worldSize === 1) return createSingle(program)
      return joinDistributed(job, program, stop)
    default:
      return assertNever(job.strategy, 'strategy')
  }
}

async function createInitialModel(
  { initialWeightsDirectory: directory, seed }: TrainerJob,
  architecture: Architecture,
): Promise<Classifier> {
  if (directory === undefined) return createModel(architecture, drawnFrom(seed))
  const weights = await openInitialWeights(directory, architecture, seed)
  const model = createModel(architecture, weights.values)
  await weights.keep()
  return model
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
  const { collective } = job
  if (collective === null) throw missingCollective()
  switch (collective.kind) {
    case 'shared-memory':
    case 'files':
      return joinOverHostMemory(job, collective, program, stop)
    case 'tensorflow':
      return joinOverTensorFlow(job, collective, program, stop)
    case 'torch':
    case 'torch-network':
      throw missingCollective()
    default:
      return assertNever(collective, 'collective')
  }
}

function joinOverTensorFlow(
  { rank, worldSize, gradientCompression }: TrainerJob,
  { timeoutMs }: CollectiveJob,
  program: TrainingProgram,
  stop: AbortSignal,
): Promise<TrainingStrategy> {
  if (!(program.backend instanceof TensorFlowBackend)) throw needsTensorFlow()
  const format = wireFormats[gradientCompression ?? 'none']
  const group = createTensorFlowGroup(program.backend, { rank, worldSize, timeoutMs, signal: stop })
  const named = { ...group, description: describeExchange(group.description, format) }
  return createDistributed(program, named, createInGraphStep(program, group, format))
}

async function joinOverHostMemory(
  job: TrainerJob,
  collective: HostCollective,
  program: TrainingProgram,
  stop: AbortSignal,
): Promise<TrainingStrategy> {
  const { backend, model } = program
  const tensorflow = backend instanceof TensorFlowBackend ? backend : null
  const variables = [...model.parameters, ...model.buffers].map(({ variable }) => variable)
  const { parts, elementCount } = layOutVector(variables.map(({ shape }) => shape))
  const gradientParts = parts.slice(0, model.parameters.length)
  const reducer = tensorflow === null ? null : createMappedReducer(tensorflow)
  const group = await joinHostGroup(job, collective, reducer, elementCount, stop)
  const format = wireFormats[job.gradientCompression ?? 'none']
  const exchange =
    tensorflow !== null && reducer !== null && group.mapping !== null
      ? exchangeByMapping(tensorflow, group.mapping, job.rank, gradientParts, reducer, format)
      : exchangeByCopy(group, gradientParts, format)
  const step = createHostMemoryStep(program, group, exchange, { stop, slowdown: job.slowdown ?? 1 })
  const ranks = overHostMemory(group, stop)
  return createDistributed(
    program,
    { ...ranks, description: describeExchange(group.description, format) },
    step,
  )
}

const wireFormats: Readonly<Record<GradientCompression, WireFormat>> = { none: 'float32', bf16: 'bfloat16' }

function describeExchange(group: string, format: WireFormat): string {
  return format === 'float32' ? group : `${group}, gradients in ${format}`
}

type HostCollective = Extract<CollectiveJob, { kind: 'shared-memory' | 'files' }>

function joinHostGroup(
  { rank, worldSize }: TrainerJob,
  collective: HostCollective,
  reducer: MappedReducer | null,
  elementCount: number,
  signal: AbortSignal,
): Promise<HostAllReduce> {
  const member = { rank, worldSize, elementCount, timeoutMs: collective.timeoutMs, signal }
  switch (collective.kind) {
    case 'shared-memory': {
      const reduceSlice = reducer === null ? {} : { reduceSlice: reducer.reduceSlice }
      return createSharedMemoryAllReduce({ ...member, ...reduceSlice, path: collective.path })
    }
    case 'files':
      return createFileAllReduce({ ...member, directory: collective.directory })
    default:
      return assertNever(collective, 'collective in host memory')
  }
}

function missingCollective(): TandemError {
  return new TandemError({
    code: 'internal',
    message: 'a DDP trainer was started without a way to exchange gradients',
    hint: 'This is a defect in Tandem; please report it with the log.',
  })
}

function needsTensorFlow(): TandemError {
  return new TandemError({
    code: 'collective-unavailable',
    message: 'the wasm backend cannot exchange gradients through TensorFlow',
    hint: 'Let Tandem choose how ranks exchange gradients, or use --backend tensorflow.',
  })
}
