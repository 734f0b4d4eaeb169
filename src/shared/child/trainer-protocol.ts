import { z } from 'zod'
import { engineSchema, precisionSchema } from '../domain/engines.js'
import { modelNameSchema, stemSchema } from '../domain/models.js'
import { compileSchema, gradientCompressionSchema, memoryFormatSchema } from '../domain/settings/devices.js'
import { strategySchema } from '../domain/strategies.js'
import { errorReportSchema } from '../errors.js'
import { deviceSchema } from '../machine/device.js'
import { scriptFactsSchema } from '../script/script.js'

/**
 * Messages between the host and one trainer process. Both sides validate what they receive.
 *
 * Order: the host sends `start` once; the trainer answers `ready` when its backend is loaded and, in a
 * group, its collective joined; then `warmed-up`, any number of `steps`, one `epoch` an epoch, and either
 * `done` or `failed`. A job whose purpose is to tune answers `ready`, any number of `tuning`, one `tuned`, and `done`
 * or `failed`. `done` followed by exit code 0 is success; an exit without it is not, whatever the
 * code. `stop` may come at any time and is obeyed within a step.
 */

export const trainerBackendSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('tensorflow'), libraryDir: z.string() }),
  z.object({ name: z.literal('wasm') }),
  z.object({
    name: z.literal('pytorch'),
    /** The Python that has it, and the trainer that it runs. */
    python: z.string(),
    trainer: z.string(),
    /** Of the processor, for a process that trains on a GPU: the same at every world size. */
    gpuThreads: z.number().int().positive(),
  }),
])

const dataSourceSchema = z.discriminatedUnion('kind', [
  /** CIFAR-10's binary layout: `data_batch_*.bin` and `test_batch.bin` in this folder. */
  z.object({ kind: z.literal('cifar10'), directory: z.string() }),
  /** The pictures that ship with Tandem: `train.bin.br` and `test.bin.br`, the same layout under Brotli. */
  z.object({
    kind: z.literal('sample'),
    directory: z.string(),
    /** The same as plain files, where a trainer needs them. */
    unpacked: z.string().optional(),
  }),
  z.object({
    kind: z.literal('synthetic'),
    trainSamples: z.number().int().positive(),
    testSamples: z.number().int().positive(),
  }),
])

/** What only PyTorch's trainer is told. */
const pytorchSchema = z.object({
  /** Of the processor, to compute with. */
  threads: z.number().int().positive(),
  memoryFormat: memoryFormatSchema,
  compile: compileSchema,
  /** How much of DDP's gradients travels at a time. */
  bucketMebibytes: z.number().int().positive(),
})

/** How the ranks of one DDP group reach each other. */
export const collectiveSchema = z.discriminatedUnion('kind', [
  /** A name in a folder of the host's: rank 0 makes the file, and removes its name once all ranks have mapped it. */
  z.object({ kind: z.literal('shared-memory'), path: z.string(), timeoutMs: z.number().positive() }),
  /** A folder of the host's for ranks that cannot map memory. */
  z.object({ kind: z.literal('files'), directory: z.string(), timeoutMs: z.number().positive() }),
  /** TensorFlow's own collectives: NCCL between GPUs, a gRPC ring between processes and machines. */
  z.object({
    kind: z.literal('tensorflow'),
    addresses: z.array(z.string()),
    timeoutMs: z.number().positive(),
  }),
  /** torch.distributed: ranks meet in this file, and gradients travel by gloo or NCCL. */
  z.object({ kind: z.literal('torch'), path: z.string(), timeoutMs: z.number().positive() }),
  /** The same over machines: ranks meet in a store that rank 0 opens at this address and nowhere else. */
  z.object({
    kind: z.literal('torch-network'),
    address: z.string(),
    port: z.number().int().min(1).max(65_535),
    timeoutMs: z.number().positive(),
  }),
])

const autotuneJobSchema = z.object({
  /** Where timings are kept from one run to the next. */
  cacheDirectory: z.string(),
  /** For timing what is not known yet. */
  budgetMs: z.number().nonnegative(),
  /** Whether every convolution's timings are reported. */
  report: z.boolean(),
})

/** A trainer of another language: how it is started, and what its environment adds to the host's. */
const trainerProgramSchema = z.object({
  command: z.tuple([z.string()], z.string()),
  environment: z.record(z.string(), z.string()),
  /** Where it starts; absent is the host's folder. */
  workingDirectory: z.string().optional(),
})

/** One machine's part in the ranks of a script that are on several. */
const scriptShareSchema = z.object({
  /** The same for all ranks of a measurement, and no other's. */
  group: z.string().regex(/^[0-9a-f]{16}$/),
  /** Which of the machines it is, and how many take part. */
  machine: z.number().int().nonnegative(),
  machines: z.number().int().positive(),
  /** Its ranks: so many, from the first one on. */
  firstRank: z.number().int().nonnegative(),
  ranks: z.number().int().positive(),
})

export type ScriptShare = z.infer<typeof scriptShareSchema>

/** What the probe in a script of somebody's is told. */
const scriptJobSchema = z.object({
  /** Measured steps, and those before them. */
  steps: z.number().int().positive(),
  warmUp: z.number().int().positive(),
  startMs: z.number().positive(),
  /** Absent where all ranks are on one machine. */
  share: scriptShareSchema.optional(),
})

export const trainerJobSchema = z.object({
  runId: z.string().min(1),
  /** `tune` times what is not known yet of the autotuner's choices, and ends; absent is `train`. */
  purpose: z.enum(['train', 'tune']).optional(),
  strategy: strategySchema,
  rank: z.number().int().nonnegative(),
  worldSize: z.number().int().positive(),
  /** Single and DDP: the one device of this process. DP: all its devices, the first one the master. */
  devices: z.array(deviceSchema).min(1),
  backend: trainerBackendSchema,
  /** Absent for the trainer that is built from Tandem's own sources. */
  program: trainerProgramSchema.optional(),
  pytorch: pytorchSchema.optional(),
  /** For a rank of a script: what it trains is its own affair, and the fields that say so mean nothing. */
  script: scriptJobSchema.optional(),
  modelName: modelNameSchema,
  stem: stemSchema,
  data: dataSourceSchema,
  /** Images a step of this process: Single's batch, DP's global batch, DDP's batch a rank. */
  batchSize: z.number().int().positive(),
  epochs: z.number().int().positive(),
  numWorkers: z.number().int().nonnegative(),
  maxStepsPerEpoch: z.union([z.literal(-1), z.number().int().positive()]),
  samplesPerEpoch: z.number().int().positive().nullable(),
  learningRate: z.number().positive(),
  momentum: z.number(),
  weightDecay: z.number(),
  seed: z.number().int().nonnegative(),
  /** Where initial weights are kept from one process to the next; absent draws them. */
  initialWeightsDirectory: z.string().optional(),
  precision: precisionSchema,
  /** `eager` runs operation by operation, to measure what tracing gains; TensorFlow only. */
  execution: z.enum(['traced', 'eager']).optional(),
  evaluate: z.boolean(),
  /** How the compiled step's convolutions are picked; absent or null leaves every one to the engine. */
  autotune: autotuneJobSchema.nullable().optional(),
  /** What gradients are rounded to on their way to other ranks; absent is `none`. */
  gradientCompression: gradientCompressionSchema.optional(),
  /** A demonstration: this rank computes so many times as long as it needs to; absent is once. */
  slowdown: z.number().min(1).max(10).optional(),
  /** null where there is nothing to exchange (Single, DP, DDP of one rank). */
  collective: collectiveSchema.nullable(),
  /** Whether all-reduces are timed by themselves after the warm-up, as runs over several machines need it. */
  timesAllReduces: z.boolean().optional(),
})

export type TrainerJob = z.infer<typeof trainerJobSchema>
export type TrainerProgram = z.infer<typeof trainerProgramSchema>
export type TrainerBackend = z.infer<typeof trainerBackendSchema>
export type DataSource = z.infer<typeof dataSourceSchema>
export type CollectiveJob = z.infer<typeof collectiveSchema>

export const toTrainerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), job: trainerJobSchema }),
  z.object({ type: z.literal('stop') }),
])

export type ToTrainer = z.infer<typeof toTrainerSchema>

const partMs = z.number().nonnegative().optional()

/**
 * DP, where the engine can tell them apart: parts of `computeMs`, one after the other. Each begins where the one before
 * it has ended on the slowest device, so what devices do at the same time is counted once.
 */
const dataParallelPartsShape = {
  /** Each device has its share of the batch. */
  scatterMs: partMs,
  /** Each has the weights. */
  replicateMs: partMs,
  forwardMs: partMs,
  /** The first device has all outputs. */
  gatherMs: partMs,
  /** The loss, and each device's own gradients. */
  backwardMs: partMs,
  /** The first device has their sums. */
  reduceMs: partMs,
}

const dataParallelPartsSchema = z.object(dataParallelPartsShape)

export type DataParallelParts = z.infer<typeof dataParallelPartsSchema>

/** One optimiser step as one rank saw it. Times in milliseconds. */
export const stepRecordSchema = z.object({
  /** Counted from 0. */
  epoch: z.number().int().nonnegative(),
  /** Counted from 0 within the epoch. */
  step: z.number().int().nonnegative(),
  /** Mean loss over the images of this rank's batch; absent where a script does not say. */
  loss: z.number().optional(),
  /** Images of this rank's batch, or whatever else a script trains on; of a script 0 where that is not known. */
  images: z.number().int().nonnegative(),
  /** When the step began, milliseconds since the Unix epoch, from a monotonic clock. */
  startedAtMs: z.number(),
  /** From one step's end to the next: the sum of the phases below and what lies between them. */
  stepMs: z.number().nonnegative(),
  /** Waiting for the loader. */
  dataWaitMs: z.number().nonnegative(),
  /**
   * Forward and backward; the update too where it is part of the same compiled call and cannot be told apart, which
   * is so for Single, and with the exchange of gradients for DDP over TensorFlow's collectives.
   */
  computeMs: z.number().nonnegative(),
  /** DDP in host memory: copying gradients to the all-reduce until its sum is there, waiting for slower ranks included. */
  communicationMs: z.number().nonnegative(),
  /** DDP over shared memory: the optimiser's own compiled call. DP: what is left of it when gradients are there. */
  updateMs: z.number().nonnegative(),
  /** When this rank arrived at the all-reduce, milliseconds since the Unix epoch; null without one. */
  arrivedAtMs: z.number().nullable(),
  /**
   * Of `computeMs`, from this rank's first own gradient to its last: meanwhile the first ones may be exchanged already.
   * Absent where that is not known, or where gradients are exchanged all at once.
   */
  gradientsMs: z.number().nonnegative().optional(),
  ...dataParallelPartsShape,
})

/** An all-reduce of all ranks with nothing else going on. */
export const allReduceRecordSchema = z.object({
  bytes: z.number().int().positive(),
  /** The median of some, of the slowest rank. */
  ms: z.number().positive(),
})

/** What the autotuner did during warm-up. */
export const autotuneRecordSchema = z.object({
  /** Part of the warm-up, beside tracing and the first steps. */
  tuneMs: z.number().nonnegative(),
  /** Distinct convolution kernels of the step: forward, input gradients and filter gradients. */
  convolutions: z.number().int().nonnegative(),
  /** Of those: timed now, known from an earlier run, and computed otherwise than untuned. */
  timed: z.number().int().nonnegative(),
  cached: z.number().int().nonnegative(),
  changed: z.number().int().nonnegative(),
  /** One row a convolution kernel, if a report was asked for. */
  rows: z
    .array(
      z.object({
        kernel: z.enum(['forward', 'input gradient', 'filter gradient']),
        /** "256x8x8x64 * 3x3x64, stride 1, padding 1" */
        convolution: z.string(),
        /** How often a step runs it. */
        count: z.number().int().positive(),
        chosen: z.string(),
        /** Milliseconds by lowering, the untuned one first; empty where the time did not suffice. */
        times: z.record(z.string(), z.number().nonnegative()),
      }),
    )
    .optional(),
})

export type AutotuneRecord = z.infer<typeof autotuneRecordSchema>

/** How far a tuning has got. */
export const tuningProgressSchema = z.object({
  /** Convolution kernels that were timed, of those whose times were not known. */
  timed: z.number().int().nonnegative(),
  toTime: z.number().int().nonnegative(),
  elapsedMs: z.number().nonnegative(),
  /** An estimate by the arithmetic that is left, within the budget; null before the first is timed. */
  remainingMs: z.number().nonnegative().nullable(),
})

export type TuningProgress = z.infer<typeof tuningProgressSchema>

/** One bucket of gradients, as all ranks exchange it in a step. */
export const bucketRecordSchema = z.object({
  bytes: z.number().int().positive(),
  /** For how long it alone keeps a step waiting, of the rank that waits least: after its own last gradient, and the bucket before. */
  exposedMs: z.number().nonnegative(),
})

export type StepRecord = z.infer<typeof stepRecordSchema>

export const epochRecordSchema = z.object({
  epoch: z.number().int().nonnegative(),
  /** Mean loss over the epoch's images, weighted by batch size; over all ranks for DDP. Absent where a script does not say. */
  loss: z.number().optional(),
  /** Wall-clock seconds of the epoch, with the data on the clock and evaluation off it. */
  seconds: z.number().positive(),
  /** Images that all ranks together trained on, a padded distributed sampler's repeats included. */
  images: z.number().int().positive(),
  steps: z.number().int().positive(),
  /** Share of test images classified correctly, 0 to 1; null unless evaluation was asked for. */
  testAccuracy: z.number().min(0).max(1).nullable(),
  /** SHA-256 of the parameters' bits after this epoch: equal on all ranks of a healthy DDP group. Absent for a script. */
  parameterChecksum: z.string().optional(),
})

export type EpochRecord = z.infer<typeof epochRecordSchema>

export const fromTrainerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    backend: engineSchema,
    /** TensorFlow's version, or that of tfjs-backend-wasm. */
    backendVersion: z.string(),
    /** How the group exchanges gradients, in words; null without a group. */
    collective: z.string().nullable(),
    loadMs: z.number().nonnegative(),
    /** What a script's ranks take for their number. */
    worldSize: z.number().int().positive().optional(),
  }),
  z.object({ type: z.literal('tuning'), ...tuningProgressSchema.shape }),
  /** null where the job leaves convolutions to the engine. */
  z.object({ type: z.literal('tuned'), autotune: autotuneRecordSchema.nullable() }),
  /** Tracing, autotuning and the first steps on throw-away state: never part of an epoch's time. */
  z.object({
    type: z.literal('warmed-up'),
    traceMs: z.number().nonnegative(),
    firstStepMs: z.number().nonnegative(),
    stepsPerEpoch: z.number().int().positive(),
    /** Absent where nothing was tuned. */
    autotune: autotuneRecordSchema.optional(),
    /** By size, the smallest first; where the job asks for them. */
    allReduces: z.array(allReduceRecordSchema).max(16).optional(),
    /** In the order of their exchange; where the job asks for all-reduces, and the engine can tell. */
    buckets: z.array(bucketRecordSchema).max(1_024).optional(),
  }),
  /** Collected over some tens of milliseconds, so that the messages do not cost what they measure. */
  z.object({ type: z.literal('steps'), steps: z.array(stepRecordSchema) }),
  z.object({
    type: z.literal('epoch'),
    /** A script's images are 0 where no step has known samples. */
    epoch: epochRecordSchema.extend({ images: z.number().int().nonnegative() }),
  }),
  /** Of a script, before its one epoch, which is all measured steps. */
  z.object({ type: z.literal('script'), facts: scriptFactsSchema }),
  z.object({ type: z.literal('done'), peakMemoryBytes: z.number().nonnegative() }),
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('failed'), error: errorReportSchema }),
])

export type FromTrainer = z.infer<typeof fromTrainerSchema>
