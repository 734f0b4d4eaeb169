import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemFolders } from '../../../src/shared/machine/system-folders.js'

/** Above this, in cores, what others did on a case's own cores shows in its times. */
export const disturbanceLimitCores = 0.1

const ticksPerSecond = 100

/** Processor time since the system's and the process's start, in seconds. */
interface ProcessorTime {
  /** Of all programs on the cores asked for, and what a hypervisor took of them. */
  busySeconds: number
  /** Of this process and of those that it has started and that have ended. */
  ownSeconds: number
}

export type WatchOthers = <T>(
  cores: readonly number[],
  work: () => Promise<T>,
) => Promise<{ outcome: T; otherCores: number | null }>

/**
 * Runs `work`, which keeps to `cores`, and says how many of them everything else kept busy meanwhile: all but this
 * process and those that it started and saw end. Null where the system does not show it.
 */
export const watchOthers: WatchOthers = async (cores, work) => {
  const before = await readProcessorTime(cores)
  const startedAt = performance.now()
  const outcome = await work()
  const seconds = (performance.now() - startedAt) / 1000
  const after = await readProcessorTime(cores)
  if (before === null || after === null) return { outcome, otherCores: null }
  const others = after.busySeconds - before.busySeconds - (after.ownSeconds - before.ownSeconds)
  return { outcome, otherCores: Math.max(0, others / seconds) }
}

const quietWindowMs = 2_000
const longestWaitMs = 60_000

/** Resolves when other programs have left these cores alone for two seconds, or after a minute. */
export async function untilQuiet(cores: readonly number[]): Promise<void> {
  const deadline = performance.now() + longestWaitMs
  for (;;) {
    const { otherCores } = await watchOthers(cores, () => delay(quietWindowMs))
    if (otherCores === null || otherCores <= disturbanceLimitCores || performance.now() > deadline) return
  }
}

async function readProcessorTime(cores: readonly number[]): Promise<ProcessorTime | null> {
  const [system, own] = await Promise.all([read('stat'), read('self/stat')])
  return system === null || own === null ? null : parseProcessorTime(system, own, cores)
}

/** From the text of /proc/stat and /proc/self/stat. */
export function parseProcessorTime(system: string, own: string, cores: readonly number[]): ProcessorTime {
  // The name, in parentheses, may hold spaces; user and kernel time follow as the 12th and 13th field, the children's
  // after them.
  const fields = own.slice(own.lastIndexOf(')') + 2).split(' ')
  const ownTicks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  const busyTicks = cores.reduce((sum, core) => sum + busyTicksOf(system, core), 0)
  return { busySeconds: busyTicks / ticksPerSecond, ownSeconds: ownTicks / ticksPerSecond }
}

function busyTicksOf(system: string, core: number): number {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(system)?.[1] ?? ''
  const fields = line.split(' ').map(Number)
  const [user = 0, nice = 0, kernel = 0, , , interrupts = 0, softInterrupts = 0, stolen = 0] = fields
  return user + nice + kernel + interrupts + softInterrupts + stolen
}

function read(path: string): Promise<string | null> {
  return readFile(join(systemFolders.proc, path), 'utf8').catch(() => null)
}
