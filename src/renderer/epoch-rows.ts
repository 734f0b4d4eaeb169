import type { Measurement } from '../shared/results.js'

/** One row an epoch, with each strategy's seconds under its id; a strategy that ran fewer epochs is left out. */
export type EpochRow = { epoch: string } & Partial<Record<Measurement['id'], number>>

/** Epoch times turned from one list a strategy into one row an epoch, as charts take them. */
export function epochRows(measurements: readonly Pick<Measurement, 'id' | 'epochTimes'>[]): EpochRow[] {
  const epochs = Math.max(0, ...measurements.map((measurement) => measurement.epochTimes.length))
  return Array.from({ length: epochs }, (_, index) => {
    const row: EpochRow = { epoch: `Epoch ${index + 1}` }
    for (const { id, epochTimes } of measurements) {
      const seconds = epochTimes[index]
      if (seconds !== undefined) row[id] = seconds
    }
    return row
  })
}
