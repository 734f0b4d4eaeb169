import { allReduceBandwidth } from '../limits/all-reduce.js'
import type { Measurement } from '../results/results.js'
import { median } from '../statistics/quantiles.js'
import { formatBitRate, formatBytes } from '../text/format.js'

/** All-reduces of one size by themselves, as people read them. */
export interface AllReduceRow {
  /** Names the group and the size. */
  key: string
  /** Of the group: `DDP x8, 2 machines`. */
  title: string
  size: string
  time: string
  /** Bytes over time, and what each link carries at least for that, as nccl-tests has them. */
  algorithmBandwidth: string
  busBandwidth: string
}

export const allReduceColumns = ['All-reduce of', 'Size', 'Time', 'algbw', 'busbw'] as const

/** All-reduces of a group by themselves: the median of its repeats, the smallest size first; none where none was timed. */
export function medianAllReduces(
  repeats: readonly Pick<Measurement, 'allReduces'>[],
): { bytes: number; ms: number }[] {
  const records = repeats.flatMap(({ allReduces = [] }) => allReduces)
  const sizes = [...new Set(records.map(({ bytes }) => bytes))].sort((a, b) => a - b)
  return sizes.map((bytes) => ({
    bytes,
    ms: median(records.flatMap((one) => (one.bytes === bytes ? [one.ms] : []))) as number,
  }))
}

/** By group and size; none on one machine. */
export function allReduceRows(measurements: readonly Measurement[]): AllReduceRow[] {
  const ids = [...new Set(measurements.map(({ id }) => id))]
  return ids.flatMap((id) => {
    const repeats = measurements.filter((measurement) => measurement.id === id)
    const [{ title, devices }] = repeats as [Measurement]
    if (devices.length < 2) return []
    return medianAllReduces(repeats).map(({ bytes, ms }): AllReduceRow => {
      const bandwidth = allReduceBandwidth({ bytes, ms, devices: devices.length })
      return {
        key: `${id} ${bytes}`,
        title,
        size: formatBytes(bytes),
        time: `${ms < 10 ? ms.toFixed(2) : ms.toFixed(1)} ms`,
        algorithmBandwidth: formatBitRate(bandwidth.algorithmBytesPerSecond * 8),
        busBandwidth: formatBitRate(bandwidth.busBytesPerSecond * 8),
      }
    })
  })
}

/** In the order of `allReduceColumns`. */
export function allReduceCells(row: AllReduceRow): string[] {
  return [row.title, row.size, row.time, row.algorithmBandwidth, row.busBandwidth]
}
