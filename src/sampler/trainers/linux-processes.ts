import { join } from 'node:path'
import { readText } from '../text-files.js'
import type { ProcessReader, ProcessReading } from './process-reading.js'

/** USER_HZ: the clock ticks in which Linux shows times to programs, 100 on every machine that runs Node. */
const ticksPerSecond = 100

/** Reads processes in /proc, which costs two small files each. */
export function createLinuxProcessReader(proc: string): ProcessReader {
  return {
    watch() {},
    read(pid, nowMs) {
      const folder = join(proc, String(pid))
      const stat = parseProcessStat(readText(join(folder, 'stat')) ?? '')
      if (stat === null) return null
      return { atMs: nowMs, ...stat, memoryBytes: parseResidentBytes(readText(join(folder, 'status')) ?? '') }
    },
    close() {},
  }
}

/**
 * Reads /proc/PID/stat, proc(5), whose times are those of all threads. Null for a process that has ended and waits
 * for its parent, too.
 */
export function parseProcessStat(
  text: string,
): Pick<ProcessReading, 'cpuSeconds' | 'startedAt' | 'isStopped'> | null {
  // The name before the state is in parentheses and may itself contain spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const state = fields[0] ?? ''
  const ticks = Number(fields[11]) + Number(fields[12])
  const startedAt = fields[19]
  if (/^[ZX]?$/.test(state) || !Number.isFinite(ticks) || startedAt === undefined) return null
  return { cpuSeconds: ticks / ticksPerSecond, startedAt, isStopped: isStopped(state) }
}

/** `T` by a signal, `t` by a debugger. */
export function isStopped(state: string): boolean {
  return state === 'T' || state === 't'
}

/** From /proc/PID/status rather than from stat, which counts in pages whose size it does not say. */
export function parseResidentBytes(text: string): number | null {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]
  return kibibytes === undefined ? null : Number(kibibytes) * 1024
}
