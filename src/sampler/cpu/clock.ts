import { join } from 'node:path'
import type { SystemFolders } from '../../shared/machine/system-folders.js'
import { mean } from '../../shared/statistics/means.js'
import { listFolder, readNumber, readText } from '../text-files.js'

/** Where the kernel's frequency scaling shows each core's clock, in kHz; empty in most virtual machines. */
export function findClockFiles(sys: string): string[] {
  const cores = join(sys, 'devices', 'system', 'cpu')
  return listFolder(cores)
    .filter((name) => /^cpu\d+$/.test(name))
    .map((name) => join(cores, name, 'cpufreq', 'scaling_cur_freq'))
    .filter((file) => readNumber(file) !== null)
}

/**
 * The mean clock of the cores in MHz, from these files, else from /proc/cpuinfo, where virtual machines show a
 * nominal one; null where neither says.
 */
export function readClockMegahertz(files: readonly string[], { proc }: SystemFolders): number | null {
  const kilohertz = mean(files.map(readNumber).filter((clock) => clock !== null))
  if (kilohertz !== null) return kilohertz / 1000
  return mean(parseCpuinfoClocks(readText(join(proc, 'cpuinfo')) ?? ''))
}

/** The clocks that /proc/cpuinfo shows on x86, in MHz, one a core. */
export function parseCpuinfoClocks(text: string): number[] {
  return [...text.matchAll(/^cpu MHz\s*:\s*(\d+(?:\.\d+)?)\s*$/gm)].map(([, clock]) => Number(clock))
}
