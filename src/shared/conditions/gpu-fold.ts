import type { GpuSample } from '../child/telemetry.js'
import type { GpuConditions } from './conditions.js'
import { clockOf, RunningMean } from './running-mean.js'

/** One of a measurement's GPUs, folded from samples. Each has one trainer of the measurement on it, whatever the strategy. */
export class GpuFold {
  private samples = 0
  private lost = 0
  private throttleSamples = 0
  private readonly throttled = new Map<string, number>()
  private readonly clock = new RunningMean()
  private processSamples = 0
  private shared = 0
  private mostOthers = 0

  constructor(private readonly index: number) {}

  add(gpus: readonly GpuSample[], trainerPids: readonly number[]): void {
    const gpu = gpus.find(({ index }) => index === this.index)
    if (gpu === undefined) return
    this.samples++
    if (gpu.state === 'lost') this.lost++
    this.clock.add(gpu.coreClockMegahertz)
    if (gpu.throttleReasons !== null) {
      this.throttleSamples++
      for (const reason of gpu.throttleReasons)
        this.throttled.set(reason, (this.throttled.get(reason) ?? 0) + 1)
    }
    if (gpu.processes === null) return
    this.processSamples++
    const others = otherProcesses(gpu.processes, trainerPids)
    if (others > 0) this.shared++
    this.mostOthers = Math.max(this.mostOthers, others)
  }

  conclude(): GpuConditions {
    const { samples, throttleSamples, processSamples } = this
    return {
      index: this.index,
      lostShare: samples === 0 ? 0 : this.lost / samples,
      throttled:
        throttleSamples === 0
          ? null
          : [...this.throttled].map(([reason, count]) => ({ reason, share: count / throttleSamples })),
      clock: clockOf(this.clock),
      otherProcesses:
        processSamples === 0 ? null : { most: this.mostOthers, share: this.shared / processSamples },
    }
  }
}

/**
 * How many of them are not ours. Within a container the driver may number processes as they are outside, so that none
 * is recognised; then one of them is taken for the trainer on this GPU.
 */
function otherProcesses(
  processes: NonNullable<GpuSample['processes']>,
  trainerPids: readonly number[],
): number {
  const strangers = processes.filter(({ pid }) => !trainerPids.includes(pid)).length
  const recognised = strangers < processes.length
  return recognised || processes.length === 0 ? strangers : processes.length - 1
}
