import { z } from 'zod'

/*
 * What a run keeps of the machine's state, so that whoever reads its results later can judge what else took its time.
 * Null means that the system does not say, or that nobody looked; it is never taken for "nothing happened".
 */

const share = z.number().min(0).max(1)
const amount = z.number().nonnegative()
const count = z.number().int().nonnegative()

const clockSchema = z.object({ meanMegahertz: amount, leastMegahertz: amount })

/** One of the measurement's GPUs while it trained. */
export const gpuConditionsSchema = z.object({
  index: count,
  /** Share of the samples in which the driver did not answer for it. */
  lostShare: share,
  /** Why its clocks were held down, in the driver's words, and in what share of the samples; null where it does not say. */
  throttled: z.array(z.object({ reason: z.string(), share })).nullable(),
  clock: clockSchema.nullable(),
  /** Programs on it that are not the measurement's trainers: the most at once, and in what share of the samples any. */
  otherProcesses: z.object({ most: count, share }).nullable(),
})

export type GpuConditions = z.infer<typeof gpuConditionsSchema>

/** Time in which nothing could train; null where the system does not show it. */
export const standstillSchema = z.object({
  /** The machine was suspended: its clock of time since it started went on, its monotonic clock did not. */
  suspendedSeconds: amount.nullable(),
  /** A trainer was stopped, by a signal or a debugger. */
  stoppedSeconds: amount.nullable(),
  /** The sampler was silent for a second or more, and a step took as long: both stood still. */
  stalledSeconds: amount,
})

export type Standstill = z.infer<typeof standstillSchema>

/** What else went on while one measurement trained: from before its first step to its end, loading and warm-up left out. */
export const conditionsSchema = z.object({
  /** From the end of warm-up to the end of the last epoch. */
  seconds: amount,
  telemetry: z.object({ samples: count, longestGapSeconds: amount }),
  cpu: z.object({
    /** Of the machine. */
    cores: count,
    /** Cores that anything but the trainers kept busy, on average: 0.5 is half a core. Tandem's own host counts. */
    othersCores: amount.nullable(),
    /** Share of the trainers' own cores that others kept busy; null where trainers are not pinned to cores. */
    othersShareOfOwnCores: share.nullable(),
    /**
     * The same of all cores that the run measures on: beside Single, which has one of them, its neighbours are what other
     * strategies are compared on. Null where trainers are not pinned, and in documents that do not know it.
     */
    othersShareOfRunCores: share.nullable().default(null),
    /** What Tandem's host used of `othersCores`. */
    hostCores: amount.nullable(),
    /** Share of all cores' time that a hypervisor gave to other machines. */
    stealShare: share.nullable(),
    /** Mean over cores. */
    clock: clockSchema.nullable(),
    /** How often a core slowed down because it was too hot. */
    thermalThrottles: count.nullable(),
    /** Share of its scheduling periods in which the container had used up its processor time. */
    quotaThrottledShare: share.nullable(),
  }),
  /** Null in documents that do not know it. */
  standstill: standstillSchema.nullable().default(null),
  memory: z.object({
    swapGrowthBytes: amount.nullable(),
    /** Share of the time in which some program waited for memory. */
    stalledShare: share.nullable(),
  }),
  gpus: z.array(gpuConditionsSchema),
})

export type Conditions = z.infer<typeof conditionsSchema>

/** The state that a run found the machine in, before it measured anything. */
export const environmentSchema = z.object({
  /** How the kernel sets the clocks of the cores that a run may use: each value that some core has, once. */
  frequencyScaling: z
    .object({
      drivers: z.array(z.string()),
      governors: z.array(z.string()),
      /** `performance` to `power`: what drivers with a governor of their own in hardware go by. */
      energyPreferences: z.array(z.string()),
    })
    .nullable(),
  /** The firmware's profile: `low-power`, `balanced`, `performance` ... */
  powerProfile: z.string().nullable(),
  onBattery: z.boolean().nullable(),
  memory: z.object({
    totalBytes: amount,
    /** What programs would get without swapping; null where the system counts its own cache as used. */
    availableBytes: amount.nullable(),
    /** Share of the minute before in which some program waited for memory. */
    stalledShare: share.nullable(),
  }),
  /** The processor time that the container may use, in cores; null without a limit. */
  cpuQuotaCores: amount.nullable(),
  /** Groups of CPU devices, by index, whose cores are threads of the same physical cores; null where unknown. */
  sharedPhysicalCores: z.array(z.array(count)).nullable(),
  /** What was wrong with GPUs that the run could not use, or hid them: lines for people. */
  gpuProblems: z.array(z.string()).default([]),
})

export type Environment = z.infer<typeof environmentSchema>

/** What else went on, as far as Tandem knows by itself. An older Tandem's reader takes a code it does not know for `other`. */
export const runWarningCodes = [
  'other-run',
  'engine-install',
  'not-kept',
  'kept-late',
  'recording-gaps',
  'other',
] as const

export const runWarningSchema = z.object({ code: z.enum(runWarningCodes).catch('other'), text: z.string() })

export type RunWarning = z.infer<typeof runWarningSchema>
