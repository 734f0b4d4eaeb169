import { baseIdOf } from '../domain/measurement-ids.js'
import { machineCount } from '../machine/device.js'
import type { MeasurementSummary } from './results.js'

/** What says where a measurement ran. */
export type Placed = Pick<MeasurementSummary, 'id' | 'strategy' | 'devices'>

/**
 * What a measurement over several machines is held against to see what the others bring: the same strategy on the same
 * engine on the most devices of one machine; where machines have a device each, the base. Undefined on one machine, and
 * where nothing of the kind was measured.
 */
export function onOneMachine<Entry extends Placed>(
  entries: readonly Entry[],
  measurement: Placed,
): Entry | undefined {
  const machines = machineCount(measurement.devices)
  if (machines < 2) return undefined
  if (machines === measurement.devices.length) {
    return entries.find(({ id }) => id === baseIdOf(measurement))
  }
  return entries
    .filter(
      (entry) =>
        entry.strategy === measurement.strategy &&
        baseIdOf(entry) === baseIdOf(measurement) &&
        entry.devices.length > 1 &&
        machineCount(entry.devices) === 1,
    )
    .reduce<Entry | undefined>(
      (most, entry) => (entry.devices.length > (most?.devices.length ?? 0) ? entry : most),
      undefined,
    )
}
