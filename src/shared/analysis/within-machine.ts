import { strategies } from '../domain/strategies.js'
import { machineCount } from '../machine/device.js'
import { onOneMachine, type Placed } from '../results/one-machine.js'
import type { Measurement } from '../results/results.js'

/**
 * What the exchange of a group over several machines would take if its ranks were on one: as on one machine, where each
 * link then carries as much as its bandwidth there, so by the ring's share 2 (n - 1) / n. 0 where each machine has one
 * device, null where nothing was measured on one machine.
 *
 * @param exposedMs of a measurement's mean step, without the wait for the slowest rank; null where it has none
 */
export function withinMachineMs(
  measurements: readonly Measurement[],
  measurement: Placed,
  exposedMs: (id: string) => number | null,
): number | null {
  const { devices, strategy } = measurement
  if (!strategies[strategy].exchangesGradients) return null
  if (machineCount(devices) === devices.length) return 0
  const one = onOneMachine(measurements, measurement)
  const exposed = one === undefined ? null : exposedMs(one.id)
  return one === undefined || exposed === null
    ? null
    : (exposed * ringShare(devices.length)) / ringShare(one.devices.length)
}

/** Of 2 (n - 1) / n, what depends on the number of devices. */
export function ringShare(devices: number): number {
  return (devices - 1) / devices
}
