import { type GroupStep, stepImagesPerSecond } from '../../../shared/live/group-step.js'
import type { RunSample } from '../../../shared/live/live-event.js'
import type { EpochRecord } from '../../../shared/trainer-protocol.js'
import { meanUtilisation } from '../run-samples.js'
import { gibibytes } from '../units.js'

/** Figures by tag, units in the tags; null where there is none. */
export type Scalars = Record<string, number | null>

export function stepScalars(step: GroupStep): Scalars {
  // Only an exchange in host memory can be told apart from the rest of the step.
  const lateMs = step.ranks?.lateMs ?? null
  const ifApart = (ms: number): number | null => (lateMs === null ? null : ms)
  return {
    'train/loss': step.loss,
    'train/images_per_second': stepImagesPerSecond(step),
    'step/step_ms': step.stepMs,
    'step/data_wait_ms': step.dataWaitMs,
    'step/compute_ms': step.computeMs,
    'step/communication_ms': ifApart(step.communicationMs),
    'step/update_ms': ifApart(step.updateMs),
    'step/last_rank_late_ms': lateMs === null ? null : Math.max(...lateMs),
  }
}

export function epochScalars({ loss, seconds, images, testAccuracy }: EpochRecord): Scalars {
  return {
    'epoch/loss': loss,
    'epoch/seconds': seconds,
    'epoch/images_per_second': seconds > 0 ? images / seconds : null,
    'epoch/test_accuracy': testAccuracy,
  }
}

export function sampleScalars({ cpu, memory, gpus }: RunSample): Scalars {
  const scalars: Scalars = {
    'machine/cpu_utilisation_percent': percent(meanUtilisation(cpu.cores)),
    'machine/cpu_steal_percent': percent(cpu.stealShare),
    'machine/cpu_power_w': cpu.powerWatts,
    'machine/cpu_temperature_celsius': cpu.temperatureCelsius,
    'machine/cpu_clock_mhz': cpu.clockMegahertz,
    'machine/memory_used_gib': gibibytes(memory.usedBytes),
  }
  for (const gpu of gpus) {
    const tag = `machine/gpu_${gpu.index}`
    scalars[`${tag}_utilisation_percent`] = percent(gpu.utilisation)
    scalars[`${tag}_memory_used_gib`] = gibibytes(gpu.memoryUsedBytes)
    scalars[`${tag}_power_w`] = gpu.powerWatts
    scalars[`${tag}_temperature_celsius`] = gpu.temperatureCelsius
    scalars[`${tag}_clock_mhz`] = gpu.coreClockMegahertz
  }
  return scalars
}

function percent(share: number | null): number | null {
  return share === null ? null : share * 100
}
