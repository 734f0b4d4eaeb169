import { totalmem } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../shared/conditions/conditions.js'
import type { SystemFolders } from '../../shared/machine/system-folders.js'
import { readText } from './system-files.js'

/** How much memory there is for a run, heeding a container's limit, and whether programs wait for it already. */
export async function readMemoryState(
  { proc }: SystemFolders,
  platform: NodeJS.Platform = process.platform,
): Promise<Environment['memory']> {
  const pressure = parsePressure((await readText(join(proc, 'pressure', 'memory'))) ?? '')
  return {
    totalBytes: totalmem(),
    // What macOS calls free leaves out the cache that it would give up at once.
    availableBytes: platform === 'darwin' ? null : process.availableMemory(),
    stalledShare: pressure?.lastMinuteShare ?? null,
  }
}

/**
 * Reads a file of Linux's pressure stall information: the share of the last minute in which some task waited, and for
 * how long since the system started. Null for other text.
 */
export function parsePressure(text: string): { lastMinuteShare: number; stalledMs: number } | null {
  const match = /^some avg10=\S+ avg60=(\d+(?:\.\d+)?) avg300=\S+ total=(\d+)$/m.exec(text)
  if (match === null) return null
  return { lastMinuteShare: Number(match[1]) / 100, stalledMs: Number(match[2]) / 1000 }
}
