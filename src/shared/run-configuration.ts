import { z } from 'zod'
import { collectiveNames, engineNames, precisionNames } from './domain/engines.js'
import { modelNames, stemNames } from './domain/models.js'
import { strategyNames } from './domain/strategies.js'
import { scalingKinds } from './scaling.js'

export const datasetNames = ['sample', 'cifar10', 'synthetic'] as const
export const autotuneNames = ['auto', 'on', 'off', 'report'] as const
export const gradientCompressionNames = ['none', 'bf16'] as const

export const strategySchema = z.enum(strategyNames)
export const modelNameSchema = z.enum(modelNames)
export const stemSchema = z.enum(stemNames)
export const datasetSchema = z.enum(datasetNames)
export const precisionSchema = z.enum(precisionNames)
export const backendNameSchema = z.enum(engineNames)
export const scalingSchema = z.enum(scalingKinds)
export const collectiveNameSchema = z.enum(collectiveNames)
export const gradientCompressionSchema = z.enum(gradientCompressionNames)

export type DatasetName = z.infer<typeof datasetSchema>
export type GradientCompression = z.infer<typeof gradientCompressionSchema>

/** `auto`, `cpu`, `cpu:N`, `gpu` or `gpu:0,1`. */
export const deviceRequestPattern = /^(auto|cpu(:[1-9]\d*)?|gpu(:\d+(,\d+)*)?)$/

/** More would take days, and tell little. */
export const mostRepeats = 100

/** Seeds are 32-bit keys of the random numbers. */
export const largestSeed = 2 ** 32 - 1

const positiveInteger = z.number().int().positive()

/** Everything a person chose about a run, after presets and defaults. Stored in `results.json`. */
export const runConfigurationSchema = z.object({
  preset: z.enum(['quick', 'notebook', 'custom']),
  strategies: z.array(strategySchema).min(1),
  modelName: modelNameSchema,
  stem: stemSchema,
  dataset: datasetSchema,
  /** The folder that holds CIFAR-10's binary files; null for the other data sets. */
  dataDir: z.string().nullable(),
  /** Images a step of Single. */
  batchSizeSingle: positiveInteger,
  /** Images a step and device of DP and DDP; the global batch is this times the devices. */
  perGpuBatchSize: positiveInteger,
  epochs: positiveInteger,
  /** Data workers a trainer process; 0 prepares batches in the trainer itself. */
  numWorkers: z.number().int().nonnegative(),
  /** Optimiser steps an epoch at most; -1 for the whole epoch. */
  maxStepsPerEpoch: z.union([z.literal(-1), positiveInteger]),
  /** The same number of training images for every strategy, an epoch; null for the whole data set. */
  samplesPerEpoch: positiveInteger.nullable(),
  learningRate: z.number().positive(),
  momentum: z.number().min(0).max(1),
  weightDecay: z.number().min(0),
  seed: z.number().int().min(0).max(largestSeed),
  precision: precisionSchema,
  devices: z.string().regex(deviceRequestPattern),
  backend: z.enum(['auto', ...engineNames]),
  /** How DDP's ranks exchange gradients; `auto` picks what suits the devices and the platform. */
  collective: collectiveNameSchema.default('auto'),
  /** What DDP's ranks round gradients to on their way to one another. */
  gradientCompression: gradientCompressionSchema.default('none'),
  /** Fresh processes for each strategy, in blocks that have every strategy once; the most of them with `untilNarrow`. */
  repeats: z.number().int().min(1).max(mostRepeats).default(1),
  /** End before, once every speedup's interval is narrow enough. */
  untilNarrow: z.boolean().default(false),
  /** Weak: a device's batch stays, more devices make a larger global batch. Strong: the global batch is Single's. */
  scaling: scalingSchema.default('weak'),
  /** Measure DP and DDP on 2, 4, ... devices too, for a scaling curve. */
  sweep: z.boolean().default(false),
  /**
   * Whether warm-up times the ways to compute each convolution and picks the fastest: `auto` on CPU devices only.
   * `report` also shows the timings.
   */
  autotune: z.enum(autotuneNames).default('auto'),
  /** Measure test accuracy after each epoch, outside the epoch's time. */
  evaluate: z.boolean(),
  /** Make "fewer than two GPUs" an error instead of a skipped strategy. */
  requireGpu: z.boolean(),
})

export type RunConfiguration = z.infer<typeof runConfigurationSchema>
