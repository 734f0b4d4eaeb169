import { cpus } from 'node:os'
import { join } from 'node:path'
import type { TelemetrySample } from '../../shared/child/telemetry.js'
import type { SystemFolders } from '../../shared/machine/system-folders.js'
import { rarely } from '../rarely.js'
import { readText } from '../text-files.js'
import { findClockFiles, readClockMegahertz } from './clock.js'
import { busyShares, type CoreTimesList, coreTimesOf, parseProcStat } from './core-times.js'
import { createPackagePowerMeter } from './package-power.js'
import { findTemperatureFiles, readTemperatureCelsius } from './temperature.js'

/** Clocks and temperatures are a file for each core or sensor, and change slowly beside the sampling interval. */
const slowReadingMs = 1_000

/** What the processor did since the call before, or since the meter was made. */
export type CpuMeter = (nowMs: number) => TelemetrySample['cpu']

/**
 * Measures the processor. On Linux from `folders`; elsewhere, where they do not exist, from Node itself, which knows
 * the cores' busy shares and nothing else.
 */
export function createCpuMeter(folders: SystemFolders, nowMs: number): CpuMeter {
  const clockFiles = findClockFiles(folders.sys)
  const temperatureFiles = findTemperatureFiles(folders.sys)
  const readClock = rarely(slowReadingMs, () => readClockMegahertz(clockFiles, folders))
  const readTemperature = rarely(slowReadingMs, () => readTemperatureCelsius(temperatureFiles))
  const readPower = createPackagePowerMeter(folders.sys)

  readPower(nowMs)
  let last = readCoreTimes(folders)
  return (atMs) => {
    const before = last
    last = readCoreTimes(folders)
    return {
      ...busyShares(before, last),
      powerWatts: readPower(atMs),
      temperatureCelsius: readTemperature(atMs),
      clockMegahertz: readClock(atMs),
    }
  }
}

function readCoreTimes({ proc }: SystemFolders): CoreTimesList {
  const stat = readText(join(proc, 'stat'))
  return stat === null ? coreTimesOf(cpus()) : parseProcStat(stat)
}
