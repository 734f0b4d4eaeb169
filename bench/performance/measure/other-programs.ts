import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemFolders } from '../../../src/shared/system-folders.js'

/** Above this, in cores, what others did shows in a step's time. */
export const disturbanceLimitCores = 0.05

const ticksPerSecond = 100

/** Processor time since the system's and the process's start, in seconds. */
interface ProcessorTime {
  /** Of all programs, and what a hypervisor took. */
  busySeconds: number
  /** Of this process and of those that it has started and that have ended. */
  ownSeconds: number
}

export type WatchOthers = <T>(work: () => Promise<T>) => Promise<{ outcome: T; otherCores: number | null }>

/**
 * Runs `work` and says how many cores everything but this process and what it started, and saw end, kept busy meanwhile.
 * Null where the system does not show it.
 */
export const watchOthers: WatchOthers = async (work) => {
  const before = await readProcessorTime()
  const startedAt = performance.now()
  const outcome = await work()
  const seconds = (performance.now() - startedAt) / 1000
  const after = await readProcessorTime()
  if (before === null || after === null) return { outcome, otherCores: null }
  const others = after.busySeconds - before.busySeconds - (after.ownSeconds - before.ownSeconds)
  return { outcome, otherCores: Math.max(0, others / seconds) }
}

const quietWindowMs = 2_000
const longestWaitMs = 60_000

/** Resolves when other programs have left the processor alone for two seconds, or after a minute. */
export async function untilQuiet(): Promise<void> {
  const deadline = performance.now() + longestWaitMs
  for (;;) {
    const { otherCores } = await watchOthers(() => delay(quietWindowMs))
    if (otherCores === null || otherCores <= disturbanceLimitCores || performance.now() > deadline) return
  }
}

async function readProcessorTime(): Promise<ProcessorTime | null> {
  const [system, own] = await Promise.all([read('stat'), read('self/stat')])
  return system === null || own === null ? null : parseProcessorTime(system, own)
}

/** From the text of /proc/stat and /proc/self/stat. */
export function parseProcessorTime(system: string, own: string): ProcessorTime {
  const [user = 0, nice = 0, kernel = 0, , , interrupts = 0, softInterrupts = 0, stolen = 0] = (
    /^cpu +(.*)$/m.exec(system)?.[1] ?? ''
  )
    .split(' ')
    .map(Number)
  // The name, in parentheses, may hold spaces; user and kernel time follow as the 12th and 13th field, the children's
  // after them.
  const fields = own.slice(own.lastIndexOf(')') + 2).split(' ')
  const ownTicks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  const busyTicks = user + nice + kernel + interrupts + softInterrupts + stolen
  return { busySeconds: busyTicks / ticksPerSecond, ownSeconds: ownTicks / ticksPerSecond }
}

function read(path: string): Promise<string | null> {
  return readFile(join(systemFolders.proc, path), 'utf8').catch(() => null)
}
