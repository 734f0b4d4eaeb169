import { join } from 'node:path'
import { listFolder, readNumber, readText } from '../text-files.js'

interface EnergyCounter {
  file: string
  /** Where it starts again from 0, in microjoules. */
  range: number
}

interface EnergyReading {
  atMs: number
  microjoules: number[]
}

/**
 * Reads the power of all processor packages in watts, from the energy counters that Linux calls RAPL (Intel's and
 * AMD's). Null where there are none, where only root may read them, which is the usual case, and the first time.
 */
export function createPackagePowerMeter(sys: string): (nowMs: number) => number | null {
  const counters = findCounters(sys)
  let last: EnergyReading | null = null
  return (nowMs) => {
    const before = last
    last = readCounters(counters, nowMs)
    return before === null || last === null ? null : watts(counters, before, last)
  }
}

/** A second path to the same packages, `intel-rapl-mmio`, must not count them twice. */
function findCounters(sys: string): EnergyCounter[] {
  const folder = join(sys, 'class', 'powercap')
  return listFolder(folder)
    .filter((name) => /^intel-rapl:\d+$/.test(name))
    .filter((name) => readText(join(folder, name, 'name'))?.startsWith('package') ?? false)
    .map((name) => ({
      file: join(folder, name, 'energy_uj'),
      range: readNumber(join(folder, name, 'max_energy_range_uj')) ?? 0,
    }))
}

function readCounters(counters: readonly EnergyCounter[], nowMs: number): EnergyReading | null {
  const microjoules = counters.map(({ file }) => readNumber(file)).filter((value) => value !== null)
  const complete = counters.length > 0 && microjoules.length === counters.length
  return complete ? { atMs: nowMs, microjoules } : null
}

function watts(
  counters: readonly EnergyCounter[],
  before: EnergyReading,
  after: EnergyReading,
): number | null {
  const passedMs = after.atMs - before.atMs
  if (passedMs <= 0) return null
  let microjoules = 0
  for (const [index, { range }] of counters.entries()) {
    const used = (after.microjoules[index] ?? 0) - (before.microjoules[index] ?? 0)
    microjoules += used < 0 ? used + range : used
  }
  return Math.max(0, microjoules / passedMs / 1000)
}
