import { join } from 'node:path'
import type { Environment } from '../../shared/conditions/conditions.js'
import type { SystemFolders } from '../../shared/machine/system-folders.js'
import { listFolder, readText } from './system-files.js'

/** How Linux sets the clocks of the processor; null where it does not, as in most virtual machines. */
export async function readFrequencyScaling({ sys }: SystemFolders): Promise<Environment['frequencyScaling']> {
  const root = join(sys, 'devices', 'system', 'cpu')
  const cores = (await listFolder(root)).filter((name) => /^cpu\d+$/.test(name))
  const valuesOf = async (file: string): Promise<string[]> => {
    const values = await Promise.all(cores.map((core) => readText(join(root, core, 'cpufreq', file))))
    return [...new Set(values.filter((value) => value !== null))].sort()
  }
  const [drivers, governors, energyPreferences] = await Promise.all([
    valuesOf('scaling_driver'),
    valuesOf('scaling_governor'),
    valuesOf('energy_performance_preference'),
  ])
  return governors.length === 0 ? null : { drivers, governors, energyPreferences }
}
