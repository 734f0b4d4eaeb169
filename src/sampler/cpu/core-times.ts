import type { cpus } from 'node:os'

/** How long one logical core has been at what since the system started, in a unit that all its cores share. */
export interface CoreTimes {
  busy: number
  /** Waiting for a disk included: the core could have computed. */
  idle: number
  /** Taken by a hypervisor for other machines; null where the system does not count it. */
  steal: number | null
}

/** By the system's numbers of the cores; null for one that is offline. */
export type CoreTimesList = readonly (CoreTimes | null)[]

/**
 * Reads /proc/stat, proc(5). Of the ten columns, guest time is left out, since user time contains it already; a line
 * that does not hold at least the first four is as good as none.
 */
export function parseProcStat(text: string): CoreTimesList {
  const cores: (CoreTimes | null)[] = []
  for (const [, number, columns = ''] of text.matchAll(/^cpu(\d+) +(.*)$/gm)) {
    const core = Number(number)
    while (cores.length <= core) cores.push(null)
    cores[core] = parseColumns(columns)
  }
  return cores
}

function parseColumns(columns: string): CoreTimes | null {
  const times = columns.trim().split(/ +/).map(Number)
  if (times.length < 4 || !times.every((time) => Number.isFinite(time) && time >= 0)) return null
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, softInterrupts = 0] = times
  return {
    busy: user + nice + system + interrupts + softInterrupts,
    idle: idle + waiting,
    steal: times[7] ?? null,
  }
}

/** The same from what Node knows on every system: `os.cpus()`. */
export function coreTimesOf(cores: ReturnType<typeof cpus>): CoreTimesList {
  return cores.map(({ times }) => ({
    busy: times.user + times.nice + times.sys + times.irq,
    idle: times.idle,
    steal: null,
  }))
}

export interface BusyShares {
  cores: (number | null)[]
  stealShare: number | null
}

/**
 * What the cores did between two readings, as shares from 0 to 1. Null for a core that was offline in one of them,
 * or for which no time passed.
 */
export function busyShares(before: CoreTimesList, after: CoreTimesList): BusyShares {
  const count = Math.max(before.length, after.length)
  const passed = Array.from({ length: count }, (_, core) => difference(before[core], after[core]))
  const counted = passed.filter((times) => times !== null && times.steal !== null)
  return {
    cores: passed.map((times) => (times === null ? null : share(times.busy, total(times)))),
    stealShare: share(sum(counted.map((times) => times?.steal ?? 0)), sum(counted.map(total))),
  }
}

function difference(
  before: CoreTimes | null | undefined,
  after: CoreTimes | null | undefined,
): CoreTimes | null {
  if (before == null || after == null) return null
  return {
    busy: grown(before.busy, after.busy),
    idle: grown(before.idle, after.idle),
    steal: before.steal === null || after.steal === null ? null : grown(before.steal, after.steal),
  }
}

/** Linux corrects its counters of idle and stolen time downwards now and then. */
function grown(before: number, after: number): number {
  return Math.max(0, after - before)
}

function total(times: CoreTimes | null): number {
  return times === null ? 0 : times.busy + times.idle + (times.steal ?? 0)
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
