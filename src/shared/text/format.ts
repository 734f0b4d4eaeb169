import { rateUnit, type TrainedUnit } from '../run/trained-unit.js'

/** Figures as people read them. Pure; the terminal, the dashboard and the report all use these. */

/** What stands where a figure could not be had. Never 0. */
export const notAvailable = 'N/A'

/** With a capital letter, to begin a sentence. */
export function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

/** `12.345 s` */
export function formatSeconds(seconds: number | null): string {
  return seconds === null ? notAvailable : `${seconds.toFixed(3)} s`
}

/** `145.1 ms` */
export function formatStepTime(ms: number): string {
  return `${ms.toFixed(1)} ms`
}

/** `1.83x` */
export function formatSpeedup(speedup: number | null): string {
  return speedup === null ? notAvailable : `${speedup.toFixed(2)}x`
}

/** `0.915` as `91.5 %` */
export function formatPercent(share: number | null): string {
  return share === null ? notAvailable : `${(share * 100).toFixed(1)} %`
}

/** `1.39 to 1.45`: an interval, or the least and the greatest, each end in the same format. */
export function formatInterval(low: number, high: number, format: (value: number) => string): string {
  return `${format(low)} to ${format(high)}`
}

/** Made once: making one takes longer than a hundred uses, and charts use it at every tick of an axis. */
const wholeNumber = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** `11,181,642` */
export function formatCount(count: number): string {
  return wholeNumber.format(count)
}

/** `1,234`; below 100 with one decimal. For where the unit stands beside it. */
export function formatRate(rate: number | null): string {
  if (rate === null) return notAvailable
  return rate < 100 ? rate.toFixed(1) : formatCount(rate)
}

/** `1,234 images/s`; below 100 with one decimal. */
export function formatThroughput(rate: number | null, unit: TrainedUnit): string {
  return rate === null ? notAvailable : `${formatRate(rate)} ${rateUnit(unit)}`
}

/** Bytes in binary units, as memory is sold: `44.7 MiB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return notAvailable
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  const value = bytes / 1024 ** power
  return `${power === 0 ? value.toFixed(0) : value.toFixed(1)} ${units[power]}`
}

/** What a link carries in one direction, in the units that cards are sold by: `25 Gbit/s`, `2.5 Gbit/s`, `100 Mbit/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  const [value, unit] =
    bitsPerSecond < 1e9 ? [bitsPerSecond / 1e6, 'Mbit/s'] : [bitsPerSecond / 1e9, 'Gbit/s']
  return `${Number(value.toPrecision(3))} ${unit}`
}

/** A remaining or elapsed time, to the second: `8 s`, `3 min 05 s`, `2 h 07 min`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return notAvailable
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`
}

/** How long something is expected to take, no finer than that is known: `66 s`, `4 min`, `1 h 10 min`. */
export function formatRoughDuration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = Math.round((minutes % 60) / 10) * 10
  return rest === 0 || rest === 60
    ? `${Math.floor(minutes / 60) + rest / 60} h`
    : `${Math.floor(minutes / 60)} h ${rest} min`
}

/** `1 GPU`, `2 GPUs`; pass the plural where it is not the singular with an s. */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

const numberWords = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** Small numbers as a sentence has them: `three`; from 11 on in figures. */
export function formatNumberWord(count: number): string {
  return numberWords[count] ?? formatCount(count)
}

/** `a`, `a and b`, `a, b and c`; with `or` for choices. */
export function formatList(items: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`
}

/** `1.5 cores`, `0.25 cores`, `1 core`: a limit may be a part of a core. */
export function formatCoreLimit(cores: number): string {
  const rounded = cores < 0.01 ? cores.toPrecision(1) : String(Math.round(cores * 100) / 100)
  return `${rounded} ${rounded === '1' ? 'core' : 'cores'}`
}

/** Core numbers as ranges: `0-3, 8`. */
export function formatCores(cores: readonly number[]): string {
  const sorted = [...cores].sort((a, b) => a - b)
  const ranges: [first: number, last: number][] = []
  for (const core of sorted) {
    const range = ranges.at(-1)
    if (range !== undefined && core === range[1] + 1) range[1] = core
    else ranges.push([core, core])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ')
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
