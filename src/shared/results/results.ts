import { z } from 'zod'
import { mostRanks } from '../bounds.js'
import {
  allReduceRecordSchema,
  autotuneRecordSchema,
  bucketRecordSchema,
  epochRecordSchema,
  stepRecordSchema,
} from '../child/trainer-protocol.js'
import { conditionsSchema, environmentSchema, runWarningSchema } from '../conditions/conditions.js'
import { engineSchema } from '../domain/engines.js'
import { measurementIdPattern } from '../domain/measurement-ids.js'
import { strategySchema } from '../domain/strategies.js'
import { errorReportSchema } from '../errors.js'
import { deviceSchema } from '../machine/device.js'
import { linkSchema } from '../machine/link.js'
import { machineClockSchema } from '../machine/machine-clock.js'
import { runConfigurationSchema } from '../run/run-configuration.js'
import { scriptFactsSchema } from '../script/script.js'

/** Raised whenever a reader of an older document would misread it; readers migrate older ones. */
export const resultsVersion = 2

/** What the run ran on: enough for a reader elsewhere to judge the figures. Null where unknown. */
export const machinePassportSchema = z.object({
  hostName: z.string(),
  operatingSystem: z.string(),
  architecture: z.string(),
  cpuModel: z.string(),
  physicalCores: z.number().int().positive().nullable(),
  logicalCores: z.number().int().positive(),
  memoryBytes: z.number().positive(),
  gpus: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      model: z.string(),
      memoryBytes: z.number().positive().nullable(),
    }),
  ),
  gpuDriverVersion: z.string().nullable(),
  tandemVersion: z.string(),
  nodeVersion: z.string(),
  tensorflowVersion: z.string().nullable(),
  /** Absent where PyTorch was not asked for. Versions are null where there is no CUDA. */
  pytorch: z
    .object({
      version: z.string(),
      torchvisionVersion: z.string(),
      pythonVersion: z.string(),
      cudaVersion: z.string().nullable(),
      cudnnVersion: z.string().nullable(),
      ncclVersion: z.string().nullable(),
    })
    .optional(),
  /** In a run over several machines: what gradients leave this one by. */
  link: linkSchema.optional(),
})

export type MachinePassport = z.infer<typeof machinePassportSchema>

export const measurementIdSchema = z.string().regex(measurementIdPattern)

/** One strategy as it was measured once, in processes of its own, or why it was not. */
export const measurementSchema = z.object({
  /** Unique in a document together with `block`. */
  id: measurementIdSchema,
  /** Counted from 0: a block has every strategy once. */
  block: z.number().int().nonnegative().default(0),
  strategy: strategySchema,
  /** What tables show: `DDP x2`. */
  title: z.string(),
  status: z.enum(['completed', 'skipped', 'failed', 'cancelled', 'running']),
  /** Why it was skipped; null otherwise. */
  skipReason: z.string().nullable(),
  error: errorReportSchema.nullable(),
  devices: z.array(deviceSchema),
  worldSize: z.number().int().positive().max(mostRanks),
  /** Images a step over all devices. */
  globalBatchSize: z.number().int().positive(),
  perDeviceBatchSize: z.number().int().positive(),
  backend: engineSchema.nullable(),
  backendVersion: z.string().nullable(),
  /** How gradients were exchanged, in words; null where nothing is. */
  collective: z.string().nullable(),
  loadMs: z.number().nonnegative().nullable(),
  traceMs: z.number().nonnegative().nullable(),
  firstStepMs: z.number().nonnegative().nullable(),
  /** Mean loss of the first step's images, over all ranks: what the weights that training began with make of them. */
  firstStepLoss: z.number().nullable().default(null),
  /** What the autotuner did in warm-up, on rank 0; absent where nothing was tuned. */
  autotune: autotuneRecordSchema.optional(),
  /** All-reduces by themselves, by size; absent where none was timed, as on one machine. */
  allReduces: z.array(allReduceRecordSchema).max(16).optional(),
  /** Gradient buckets of a step, in the order of their exchange; absent where none was timed, as on one machine. */
  buckets: z.array(bucketRecordSchema).max(1_024).optional(),
  /** What was found out about a script; absent for Tandem's own training. */
  script: scriptFactsSchema.optional(),
  peakMemoryBytes: z.number().nonnegative().nullable(),
  epochs: z.array(epochRecordSchema),
  /** Wall-clock seconds an epoch, as the notebook printed them. */
  epochTimes: z.array(z.number().nonnegative()),
  meanEpochSeconds: z.number().nonnegative().nullable(),
  imagesPerSecond: z.number().nonnegative().nullable(),
  /** Speedup over `single`; null for `single` itself and wherever one of the two is missing. */
  speedup: z.number().positive().nullable(),
  /** Speedup divided by devices. */
  efficiency: z.number().positive().nullable(),
  /** What else the machine did while it trained; null where nobody looked. */
  conditions: conditionsSchema.nullable().default(null),
  /** Attempts before this one that were disturbed, the first one first; absent where there was none. */
  putAside: z
    .array(
      z.object({
        /** What disturbed it: `other programs took 48.0 % of the measured cores`. */
        reason: z.string(),
        epochs: z.array(epochRecordSchema),
        conditions: conditionsSchema.nullable(),
      }),
    )
    .optional(),
  /** How many times as long as the others a rank worked on its steps; absent where ranks cannot be told apart. */
  slowestRank: z
    .object({ rank: z.number().int().nonnegative(), timesOthers: z.number().positive() })
    .optional(),
  /** Over several machines: the clocks by which times of the others were put right. */
  clocks: z.array(machineClockSchema).max(mostRanks).optional(),
  /**
   * Of so many steps of a rank one is in `ranks`, evenly spread, since all of them would be more than results hold. Absent
   * where all are.
   */
  keptEvery: z.number().int().min(2).optional(),
  /** One series of steps a rank. */
  ranks: z.array(z.object({ rank: z.number().int().nonnegative(), steps: z.array(stepRecordSchema) })),
})

export type Measurement = z.infer<typeof measurementSchema>

/** Why there is no figure, in a word or two, where nobody gave a reason: what stands in place of it. */
export const statusTexts: Readonly<Record<Measurement['status'], string>> = {
  completed: 'no epoch measured',
  skipped: 'skipped',
  failed: 'failed',
  cancelled: 'stopped',
  running: 'not measured',
}

/** The status of a run or a measurement in a word, as people read it: `cancelled` is a word of files alone. */
export function statusWord(status: Measurement['status'] | Results['status'] | 'interrupted'): string {
  return status === 'cancelled' ? 'stopped' : status
}

/** Names one measurement of a run: the id of the first block's, `ddp#2` in the second. */
export function measurementKey({ id, block }: Pick<Measurement, 'id' | 'block'>): string {
  return block === 0 ? id : `${id}#${block + 1}`
}

/** A measurement without its series of steps: small enough to send at every change. */
export const measurementSummarySchema = measurementSchema.omit({ ranks: true })

export type MeasurementSummary = z.infer<typeof measurementSummarySchema>

export function withoutSteps({ ranks, ...summary }: Measurement): MeasurementSummary {
  return summary
}

export const runStatusSchema = z.enum(['complete', 'incomplete', 'failed', 'cancelled'])

export type RunStatus = z.infer<typeof runStatusSchema>

export const resultsSchema = z.object({
  format: z.literal('tandem-results'),
  version: z.literal(resultsVersion),
  runId: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** `incomplete` while it runs and after a crash; then what was measured so far is in the document. */
  status: runStatusSchema,
  configuration: runConfigurationSchema,
  /** Lines a person should read beside the figures: the engine chosen and why, quick's sample count ... */
  notes: z.array(z.string()),
  /** What else went on, as far as Tandem knows by itself: another run, an install. */
  warnings: z.array(runWarningSchema).default([]),
  machine: machinePassportSchema,
  /** Of node 1 and those after it, in their order; absent for a run on one machine. */
  otherMachines: z.array(machinePassportSchema).max(256).optional(),
  /** The state that the machine was in before; null in documents that do not know it. */
  environment: environmentSchema.nullable().default(null),
  measurements: z.array(measurementSchema),
})

export type Results = z.infer<typeof resultsSchema>

/** On how many machines a run was. */
export function nodesOf({ otherMachines = [] }: Pick<Results, 'otherMachines'>): number {
  return 1 + otherMachines.length
}
