import { freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import type { TelemetrySample } from '../shared/child/telemetry.js'
import type { SystemFolders } from '../shared/machine/system-folders.js'
import { readText } from './text-files.js'

type Memory = TelemetrySample['memory']

/** The machine's memory: as Linux shows it, elsewhere as Node knows it, which is without swap. */
export function readMemory({ proc }: SystemFolders): Memory {
  const shown = parseMeminfo(readText(join(proc, 'meminfo')) ?? '')
  const totalBytes = totalmem()
  return shown ?? { usedBytes: Math.max(0, totalBytes - freemem()), totalBytes, swapUsedBytes: null }
}

/**
 * Reads /proc/meminfo. Used is what is not available: the cache that programs would get at once does not count.
 * Null where the text does not say how much is available.
 */
export function parseMeminfo(text: string): Memory | null {
  const bytesOf = (name: string): number | null => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]
    return kibibytes === undefined ? null : Number(kibibytes) * 1024
  }
  const totalBytes = bytesOf('MemTotal')
  const availableBytes = bytesOf('MemAvailable')
  if (totalBytes === null || availableBytes === null) return null

  const swapTotalBytes = bytesOf('SwapTotal')
  const swapFreeBytes = bytesOf('SwapFree')
  const swapKnown = swapTotalBytes !== null && swapFreeBytes !== null
  return {
    usedBytes: Math.max(0, totalBytes - availableBytes),
    totalBytes,
    swapUsedBytes: swapKnown ? Math.max(0, swapTotalBytes - swapFreeBytes) : null,
  }
}
