import { join } from 'node:path'
import { listFolder, readNumber, readText } from '../text-files.js'

/**
 * The processor's sensors by the name of their driver, and the labels of the one that stands for the whole package,
 * the better one first: k10temp's Tctl has an offset on some models, Tdie has none.
 */
const chips: Record<string, readonly string[]> = {
  coretemp: ['Package id'],
  k10temp: ['Tdie', 'Tctl'],
  zenpower: ['Tdie', 'Tctl'],
  cpu_thermal: [],
}

/** Thermal zones that are a processor's: Intel's, and those of ARM boards (`cpu-thermal`, `cpu0_thermal`, ...). */
const processorZone = /^(x86_pkg_temp|(cpu|soc)\d*[-_]?thermal)$/

/**
 * The files that hold the processor's temperature in thousandths of a degree, one for each socket; none where the
 * system shows none, as in most virtual machines.
 */
export function findTemperatureFiles(sys: string): string[] {
  const monitors = join(sys, 'class', 'hwmon')
  const sensors = listFolder(monitors).flatMap((name) => packageSensors(join(monitors, name)))
  if (sensors.length > 0) return sensors
  const zones = join(sys, 'class', 'thermal')
  return listFolder(zones)
    .filter((name) => processorZone.test(readText(join(zones, name, 'type'))?.trim() ?? ''))
    .map((name) => join(zones, name, 'temp'))
}

function packageSensors(folder: string): string[] {
  const labels = chips[readText(join(folder, 'name'))?.trim() ?? '']
  if (labels === undefined) return []
  const sensors = listFolder(folder).filter((name) => /^temp\d+_input$/.test(name))
  const labelOf = (sensor: string) => readText(join(folder, sensor.replace('_input', '_label')))?.trim() ?? ''
  const best = labels.find((label) => sensors.some((sensor) => labelOf(sensor).startsWith(label)))
  const chosen = best === undefined ? sensors : sensors.filter((sensor) => labelOf(sensor).startsWith(best))
  return chosen.map((sensor) => join(folder, sensor))
}

/** The hottest of them, in degrees Celsius; null when none can be read. */
export function readTemperatureCelsius(files: readonly string[]): number | null {
  const thousandths = files.map(readNumber).filter((value) => value !== null)
  return thousandths.length === 0 ? null : Math.max(...thousandths) / 1000
}
