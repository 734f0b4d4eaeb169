import type { Environment } from '../../shared/conditions/conditions.js'
import type { Device } from '../../shared/machine/device.js'
import { type SystemFolders, systemFolders } from '../../shared/machine/system-folders.js'
import { readCpuQuota } from '../devices/cpu-quota.js'
import { answerWithin } from '../within.js'
import { readFrequencyScaling } from './frequency-scaling.js'
import { readMemoryState } from './memory-state.js'
import { readOnBattery, readPowerProfile } from './power.js'
import { findSharedPhysicalCores } from './shared-cores.js'

/** Longer than any of it takes; a run does not wait for a file system that hangs. */
const patienceMs = 2_000

/**
 * The state that the machine is in, as far as it shows. Never throws: what cannot be found out in two seconds is null,
 * and so is all of it where not even its memory can be.
 *
 * @param gpuProblems what looking for GPUs has found wrong
 */
export async function readEnvironment(
  devices: readonly Device[],
  gpuProblems: readonly string[] = [],
  folders: SystemFolders = systemFolders,
): Promise<Environment | null> {
  const ask = <Answer>(read: () => Promise<Answer>) => answerWithin(patienceMs, read)
  const [frequencyScaling, powerProfile, onBattery, memory, cpuQuotaCores, sharedPhysicalCores] =
    await Promise.all([
      ask(() => readFrequencyScaling(folders)),
      ask(() => readPowerProfile(folders)),
      ask(() => readOnBattery(folders)),
      ask(() => readMemoryState(folders)),
      ask(() => readCpuQuota(folders)),
      ask(() => findSharedPhysicalCores(devices, folders)),
    ])
  if (memory === null) return null
  return {
    frequencyScaling,
    powerProfile,
    onBattery,
    memory,
    cpuQuotaCores,
    sharedPhysicalCores,
    gpuProblems: [...gpuProblems],
  }
}
