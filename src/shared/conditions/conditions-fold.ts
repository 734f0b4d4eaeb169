import type { TelemetrySample } from '../child/telemetry.js'
import type { Conditions } from './conditions.js'
import { GpuFold } from './gpu-fold.js'
import { clockOf, RunningMean } from './running-mean.js'
import { StandstillFold, type TimedStep } from './standstill-fold.js'
import { countersGrowth, type SystemCounters } from './system-counters.js'

/** What telemetry is read for: one measurement, from before its first step on. */
export interface WatchedMeasurement {
  /** On the clock of the samples. */
  startedAtMs: number
  /** The cores that its trainers are pinned to; null where they are not. */
  pinnedCores: readonly number[] | null
  /** The cores of all measurements of the run, these among them; null where trainers are not pinned. */
  runCores: readonly number[] | null
  gpuIndexes: readonly number[]
  /** Its processes. */
  trainers: number
}

/**
 * Folds samples of the machine, as they come, into the conditions that a measurement ran under. Memory does not grow
 * with their number.
 */
export class ConditionsFold {
  private samples = 0
  private lastAtMs: number
  private longestGapMs = 0
  private cores = 0
  private readonly othersCores = new RunningMean()
  private readonly othersOnOwnCores = new RunningMean()
  private readonly othersOnRunCores = new RunningMean()
  private readonly standstill = new StandstillFold()
  private readonly hostCores = new RunningMean()
  private readonly steal = new RunningMean()
  private readonly clock = new RunningMean()
  private firstSwapBytes: number | null = null
  private mostSwapBytes = 0
  private readonly gpus: readonly GpuFold[]

  constructor(private readonly watched: WatchedMeasurement) {
    this.lastAtMs = watched.startedAtMs
    this.gpus = watched.gpuIndexes.map((index) => new GpuFold(index))
  }

  /**
   * @param sample its trainers are those of this measurement, as far as they run
   * @param hostCores cores that Tandem's host used since the sample before; null where unknown
   */
  add(sample: TelemetrySample, hostCores: number | null): void {
    if (sample.atMs <= this.lastAtMs) return
    this.samples++
    this.longestGapMs = Math.max(this.longestGapMs, sample.atMs - this.lastAtMs)
    this.standstill.addSample({ fromMs: this.lastAtMs, toMs: sample.atMs }, anyStopped(sample))
    this.lastAtMs = sample.atMs
    this.addProcessor(sample, hostCores)
    this.addSwap(sample.memory.swapUsedBytes)
    const pids = sample.trainers.map(({ pid }) => pid)
    for (const gpu of this.gpus) gpu.add(sample.gpus, pids)
  }

  /** Steps of any of its ranks, which tell whether training stood still while the sampler did. */
  addSteps(steps: readonly TimedStep[]): void {
    this.standstill.addSteps(steps)
  }

  /** The conditions up to `endedAtMs`, with what the system counted and its clocks showed meanwhile. */
  conclude(
    endedAtMs: number,
    counters: { before: SystemCounters | null; after: SystemCounters | null },
    suspendedSeconds: number | null = null,
  ): Conditions {
    const seconds = Math.max(0, endedAtMs - this.watched.startedAtMs) / 1000
    const growth = countersGrowth(counters.before, counters.after, seconds)
    const gapMs = Math.max(this.longestGapMs, endedAtMs - this.lastAtMs)
    return {
      seconds,
      telemetry: { samples: this.samples, longestGapSeconds: gapMs / 1000 },
      cpu: {
        cores: this.cores,
        othersCores: atLeastZero(this.othersCores.mean),
        othersShareOfOwnCores: asShare(this.othersOnOwnCores.mean),
        othersShareOfRunCores: asShare(this.othersOnRunCores.mean),
        hostCores: this.hostCores.mean,
        stealShare: this.steal.mean,
        clock: clockOf(this.clock),
        thermalThrottles: growth.thermalThrottles,
        quotaThrottledShare: growth.quotaThrottledShare,
      },
      standstill: this.standstill.conclude(suspendedSeconds),
      memory: {
        swapGrowthBytes: this.firstSwapBytes === null ? null : this.mostSwapBytes - this.firstSwapBytes,
        stalledShare: growth.memoryStalledShare,
      },
      gpus: this.gpus.map((gpu) => gpu.conclude()),
    }
  }

  private addProcessor({ cpu, trainers }: TelemetrySample, hostCores: number | null): void {
    this.cores = Math.max(this.cores, cpu.cores.length)
    this.steal.add(cpu.stealShare)
    this.clock.add(cpu.clockMegahertz)
    const used = trainers.map(({ coresUsed }) => coresUsed).filter((cores) => cores !== null)
    // One that has ended, or has just begun, would be taken for someone else.
    if (used.length < this.watched.trainers) return
    const ours = sum(used)
    this.hostCores.add(hostCores)
    // Negative now and then: processor time is counted in hundredths of a second. Only the mean is cut off at 0.
    this.othersCores.add(sum(cpu.cores.map((busy) => busy ?? 0)) - ours)
    this.othersOnOwnCores.add(othersShare(cpu.cores, this.watched.pinnedCores, ours))
    this.othersOnRunCores.add(othersShare(cpu.cores, this.watched.runCores, ours))
  }

  private addSwap(bytes: number | null): void {
    if (bytes === null) return
    this.firstSwapBytes ??= bytes
    this.mostSwapBytes = Math.max(this.mostSwapBytes, bytes)
  }
}

/** The share of some cores that others kept busy, where all that the trainers used was on these; null without such cores. */
function othersShare(
  busy: readonly (number | null)[],
  cores: readonly number[] | null,
  ours: number,
): number | null {
  if (cores === null || cores.length === 0) return null
  return (sum(cores.map((core) => busy[core] ?? 0)) - ours) / cores.length
}

function anyStopped({ trainers }: TelemetrySample): boolean | null {
  const known = trainers.flatMap(({ isStopped }) => isStopped ?? [])
  return known.length === 0 ? null : known.includes(true)
}

function asShare(value: number | null): number | null {
  return value === null ? null : Math.min(1, Math.max(0, value))
}

function atLeastZero(value: number | null): number | null {
  return value === null ? null : Math.max(0, value)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
