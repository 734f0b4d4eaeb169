import { z } from 'zod'
import { instantMsSchema, mostCores, mostGpus, mostRanks } from '../bounds.js'

/*
 * What the sampler reports of the machine while it trains. Null means that the hardware or the driver does not
 * say; it is shown as N/A, never as 0.
 */

const share = z.number().min(0).max(1)
const amount = z.number().nonnegative()

/**
 * What a driver says of a GPU. A figure that is new here is null by default, as all are: samples that were recorded before
 * it was measured have none, and stay readable.
 */
const gpuFiguresSchema = z.object({
  /** Share of the time in which a kernel ran, over the driver's own last sampling period: at most a second. */
  utilisation: share.nullable().default(null),
  memoryUsedBytes: amount.nullable().default(null),
  memoryTotalBytes: amount.nullable().default(null),
  powerWatts: amount.nullable().default(null),
  powerLimitWatts: amount.nullable().default(null),
  temperatureCelsius: z.number().nullable().default(null),
  coreClockMegahertz: amount.nullable().default(null),
  memoryClockMegahertz: amount.nullable().default(null),
  /** Why clocks are held down right now, in words; empty when they are not. */
  throttleReasons: z.array(z.string()).nullable().default(null),
  /**
   * Programs that compute on it, and Tandem's own window where that is drawn on it; for noticing that a measurement is
   * not alone. Numbered as the driver sees them, which within a container may be from outside.
   */
  processes: z
    .array(z.object({ pid: z.number().int(), memoryBytes: amount.nullable() }))
    .nullable()
    .default(null),
})

export type GpuFigures = z.infer<typeof gpuFiguresSchema>

export const noGpuFigures: GpuFigures = gpuFiguresSchema.parse({})

/** A GPU at one moment. A `lost` one was there before and does not answer any more; its figures are null. */
export const gpuSampleSchema = gpuFiguresSchema.extend({
  /** Stays with it: NVIDIA's UUID, AMD's address on the bus. */
  id: z.string().min(1),
  /** The number that nvidia-smi gives it; AMD's GPUs are counted on after them. */
  index: z.number().int().nonnegative(),
  model: z.string(),
  state: z.enum(['ok', 'lost']),
})

export type GpuSample = z.infer<typeof gpuSampleSchema>
export type GpuIdentity = Pick<GpuSample, 'index' | 'id' | 'model'>

export function lostGpu({ index, id, model }: GpuIdentity): GpuSample {
  return { index, id, model, state: 'lost', ...noGpuFigures }
}

/** One of the trainers that the host named, at one moment; its figures are null when it is gone. */
export const trainerSampleSchema = z.object({
  pid: z.number().int().positive(),
  /** Processor cores that all its threads kept busy since the last sample: 1.9 is nearly two. */
  coresUsed: amount.nullable(),
  /** Resident memory. */
  memoryBytes: amount.nullable(),
  /** A signal or a debugger has stopped it; absent where the system does not show that. */
  isStopped: z.boolean().optional(),
})

export type TrainerSample = z.infer<typeof trainerSampleSchema>

export const telemetrySampleSchema = z.object({
  /** When it was taken, in milliseconds since the Unix epoch, from a monotonic clock like steps' own times. */
  atMs: instantMsSchema,
  /** What taking it cost the sampler, wall-clock. */
  costMs: amount,
  cpu: z.object({
    /** Busy share of each logical core since the last sample, by the system's numbers; null for one that is offline. */
    cores: z.array(share.nullable()).max(mostCores),
    /** Share of all cores' time that a hypervisor gave to other machines. */
    stealShare: share.nullable(),
    /** Package power, where the system shows it. */
    powerWatts: amount.nullable(),
    temperatureCelsius: z.number().nullable(),
    /** Mean over cores. */
    clockMegahertz: amount.nullable(),
  }),
  memory: z.object({
    usedBytes: amount,
    totalBytes: amount,
    swapUsedBytes: amount.nullable(),
  }),
  gpus: z.array(gpuSampleSchema).max(mostGpus),
  trainers: z.array(trainerSampleSchema).max(mostRanks),
})

export type TelemetrySample = z.infer<typeof telemetrySampleSchema>

/** Where GPU figures come from, for people; a machine without GPUs has none of them. */
export const gpuSourceSchema = z.enum(['nvml', 'nvidia-smi', 'amd-sysfs'])
export type GpuSource = z.infer<typeof gpuSourceSchema>

/**
 * Messages between the host and the sampler. After `start` the sampler says `ready` once, then a `sample` at every
 * interval, whether or not anything trains. `stop` ends it without another word.
 */
export const toSamplerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), intervalMs: z.number().positive() }),
  /** The trainers that run now; replaces the list from before. */
  z.object({ type: z.literal('watch'), pids: z.array(z.number().int().positive()) }),
  z.object({ type: z.literal('stop') }),
])

export type ToSampler = z.infer<typeof toSamplerSchema>

export const fromSamplerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    gpuSources: z.array(gpuSourceSchema),
    /** Why a source that should be there is not; lines for people. */
    problems: z.array(z.string()),
  }),
  z.object({ type: z.literal('sample'), sample: telemetrySampleSchema }),
])

export type FromSampler = z.infer<typeof fromSamplerSchema>

/** How the sampler is doing, for views. */
export interface TelemetryState {
  state: 'starting' | 'running' | 'lost' | 'stopped'
  gpuSources: GpuSource[]
  /** Why a source, or the sampler itself, does not answer; lines for people. */
  problems: string[]
}
