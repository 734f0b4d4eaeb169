import type { TelemetrySample } from '../../shared/child/telemetry.js'
import type { Conditions, Environment } from '../../shared/conditions/conditions.js'
import { ConditionsFold } from '../../shared/conditions/conditions-fold.js'
import type { SystemCounters } from '../../shared/conditions/system-counters.js'
import { type Device, isHere } from '../../shared/machine/device.js'
import type { Measurement } from '../../shared/results/results.js'
import type { RunEvent } from '../../shared/run/run-events.js'
import type { RunObserver } from '../run/run-observer.js'
import { type Clocks, readClocks, suspendedSeconds } from './clocks.js'
import { readEnvironment } from './environment.js'
import { HostUsage } from './host-usage.js'
import { readSystemCounters } from './read-system-counters.js'

interface Watching {
  fold: ConditionsFold
  /** Read when it began. */
  counters: Promise<SystemCounters | null>
  clocks: Clocks
  /** When its last epoch was over, and what the clocks showed then; null until then. */
  ended: { atMs: number; clocks: Clocks } | null
}

/**
 * Watches the machine over a run, for its results: each measurement from the end of its warm-up to its last epoch, as
 * the run's events tell. Costs the run nothing but some small files read when a measurement begins to train, and when it has
 * ended.
 */
export class MachineWatch implements RunObserver {
  private readonly host = new HostUsage()
  private measurement: Measurement | null = null
  private watching: Watching | null = null
  /** Ranks of the measurement that are warmed up. */
  private warmedUp = 0

  /**
   * @param devices of the run
   * @param gpuProblems what is wrong with GPUs that it cannot use
   * @param nowMs the clock of steps and of samples
   * @param clocks what tells time asleep from time awake
   */
  constructor(
    private readonly devices: readonly Device[],
    private readonly nowMs: () => number,
    private readonly platform: NodeJS.Platform = process.platform,
    private readonly gpuProblems: readonly string[] = [],
    private readonly clocks: () => Clocks = readClocks,
  ) {}

  follow(event: RunEvent): void {
    switch (event.type) {
      case 'measurement-started':
        this.measurement = event.measurement
        this.watching = null
        this.warmedUp = 0
        return
      case 'warmed-up':
        // Before the first step: what holds that one up is seen, too.
        if (++this.warmedUp === this.measurement?.worldSize) this.begin()
        return
      case 'steps':
        this.watching?.fold.addSteps(event.steps)
        return
      case 'epoch':
        if (this.watching !== null && event.epoch.epoch + 1 === event.epochs)
          this.watching.ended = { atMs: this.nowMs(), clocks: this.clocks() }
        return
      default:
        return
    }
  }

  /** @param sample its trainers are the run's, as far as they live */
  add(sample: TelemetrySample): void {
    const hostCores = this.host.coresSinceLast()
    if (this.watching?.ended === null) this.watching.fold.add(sample, hostCores)
  }

  environment(): Promise<Environment | null> {
    return readEnvironment(this.devices, this.gpuProblems)
  }

  conditions(): Conditions | null {
    const { watching } = this
    if (watching === null) return null
    return watching.fold.conclude(watching.ended?.atMs ?? this.nowMs(), { before: null, after: null })
  }

  async conclude(): Promise<Conditions | null> {
    const { watching } = this
    this.watching = null
    if (watching === null) return null
    const { atMs, clocks } = watching.ended ?? { atMs: this.nowMs(), clocks: this.clocks() }
    const counters = { before: await watching.counters, after: await readSystemCounters() }
    return watching.fold.conclude(atMs, counters, suspendedSeconds(watching.clocks, clocks))
  }

  private begin(): void {
    const { measurement } = this
    if (measurement === null) return
    const devices = measurement.devices.filter(isHere)
    const cores = devices.flatMap((device) => device.cores)
    const gpus = devices.filter(({ kind }) => kind === 'gpu')
    // Elsewhere trainers cannot be pinned.
    const isPinned = this.platform === 'linux' && cores.length > 0
    const fold = new ConditionsFold({
      startedAtMs: this.nowMs(),
      pinnedCores: isPinned ? cores : null,
      runCores: isPinned ? [...new Set(this.devices.flatMap((device) => device.cores))] : null,
      gpuIndexes: gpus.map(({ index }) => index),
      trainers: Math.min(measurement.worldSize, devices.length),
    })
    this.watching = { fold, counters: readSystemCounters(), clocks: this.clocks(), ended: null }
  }
}
