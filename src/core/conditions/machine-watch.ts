import type { Conditions, Environment } from '../../shared/conditions/conditions.js'
import { ConditionsFold } from '../../shared/conditions/conditions-fold.js'
import type { SystemCounters } from '../../shared/conditions/system-counters.js'
import type { Device } from '../../shared/device.js'
import type { Measurement } from '../../shared/results.js'
import type { RunEvent } from '../../shared/run-events.js'
import type { TelemetrySample } from '../../shared/telemetry.js'
import type { RunObserver } from '../run/run-observer.js'
import { readEnvironment } from './environment.js'
import { HostUsage } from './host-usage.js'
import { readSystemCounters } from './read-system-counters.js'

interface Watching {
  fold: ConditionsFold
  /** Read when it began. */
  counters: Promise<SystemCounters | null>
  /** When its last epoch was over; null until then. */
  endedAtMs: number | null
}

/**
 * Watches the machine over a run, for its results: each measurement from its first step to its last epoch, as the
 * run's events tell. Costs the run nothing but some small files read when a measurement begins to train, and when it has
 * ended.
 */
export class MachineWatch implements RunObserver {
  private readonly host = new HostUsage()
  private measurement: Measurement | null = null
  private watching: Watching | null = null

  /**
   * @param devices of the run
   * @param gpuProblems what is wrong with GPUs that it cannot use
   * @param nowMs the clock of steps and of samples
   */
  constructor(
    private readonly devices: readonly Device[],
    private readonly nowMs: () => number,
    private readonly platform: NodeJS.Platform = process.platform,
    private readonly gpuProblems: readonly string[] = [],
  ) {}

  follow(event: RunEvent): void {
    switch (event.type) {
      case 'measurement-started':
        this.measurement = event.measurement
        this.watching = null
        return
      case 'steps': {
        const [first] = event.steps
        if (this.watching === null && first !== undefined) this.begin(first.startedAtMs)
        return
      }
      case 'epoch':
        if (this.watching !== null && event.epoch.epoch + 1 === event.epochs)
          this.watching.endedAtMs = this.nowMs()
        return
      default:
        return
    }
  }

  /** @param sample its trainers are the run's, as far as they live */
  add(sample: TelemetrySample): void {
    const hostCores = this.host.coresSinceLast()
    if (this.watching?.endedAtMs === null) this.watching.fold.add(sample, hostCores)
  }

  environment(): Promise<Environment | null> {
    return readEnvironment(this.devices, this.gpuProblems)
  }

  conditions(): Conditions | null {
    const { watching } = this
    if (watching === null) return null
    return watching.fold.conclude(watching.endedAtMs ?? this.nowMs(), { before: null, after: null })
  }

  async conclude(): Promise<Conditions | null> {
    const { watching } = this
    this.watching = null
    if (watching === null) return null
    const endedAtMs = watching.endedAtMs ?? this.nowMs()
    const after = await readSystemCounters()
    return watching.fold.conclude(endedAtMs, { before: await watching.counters, after })
  }

  private begin(startedAtMs: number): void {
    const { measurement } = this
    if (measurement === null) return
    const cores = measurement.devices.flatMap((device) => device.cores)
    const gpus = measurement.devices.filter(({ kind }) => kind === 'gpu')
    const fold = new ConditionsFold({
      startedAtMs,
      // Elsewhere trainers cannot be pinned.
      pinnedCores: this.platform === 'linux' && cores.length > 0 ? cores : null,
      gpuIndexes: gpus.map(({ index }) => index),
      trainers: measurement.worldSize,
    })
    this.watching = { fold, counters: readSystemCounters(), endedAtMs: null }
  }
}
