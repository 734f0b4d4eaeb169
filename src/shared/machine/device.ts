import { z } from 'zod'
import { deviceKindNames, deviceKinds } from '../domain/device-kinds.js'
import { isOnAllCores } from '../domain/measurement-ids.js'

/** A device that a replica computes on: a CUDA GPU, or a fixed share of the processor's cores. */
export const deviceSchema = z.object({
  kind: z.enum(deviceKindNames),
  index: z.number().int().nonnegative(),
  /** What people see: the GPU's model name, or "CPU device, cores 0-3". */
  description: z.string(),
  /** The logical cores of a CPU device, to which its trainer is pinned where the system can; empty for a GPU. */
  cores: z.array(z.number().int().nonnegative()),
  /**
   * What CUDA calls a GPU wherever it stands in the list, `GPU-…` or `MIG-…`. Numbers move up when a GPU is lost. Absent
   * where the driver does not say.
   */
  uuid: z.string().optional(),
  /** Of a run over several machines: which of them has it, node 0 being the host. Absent for a run on one machine. */
  machine: z.number().int().nonnegative().optional(),
})

export type Device = z.infer<typeof deviceSchema>

/** `CPU:0`, `GPU:1`: the name that tables and charts show; `node 1 GPU:0` in a run over several machines. */
export function deviceName({ kind, index, machine }: Pick<Device, 'kind' | 'index' | 'machine'>): string {
  return nameOnMachine(machine, `${deviceKinds[kind].prefix}:${index}`)
}

/** `GPU:0` of a run on one machine, `node 1 GPU:0` of one over several. */
export function nameOnMachine(machine: number | undefined, name: string): string {
  return machine === undefined ? name : `node ${machine} ${name}`
}

/** What the sampler calls a device: a GPU by its name, a CPU device by those of its cores. */
export function sampledNames(device: Device): string[] {
  if (device.kind === 'gpu') return [deviceName(device)]
  return device.cores.map((core) => nameOnMachine(device.machine, `Core ${core}`))
}

/** The number of the machine that has a device: 0 for the host's. */
export function machineOf({ machine }: Pick<Device, 'machine'>): number {
  return machine ?? 0
}

/** Whether it is on the host's own machine. */
export function isHere(device: Pick<Device, 'machine'>): boolean {
  return machineOf(device) === 0
}

/** How many machines the devices are on. */
export function machineCount(devices: readonly Pick<Device, 'machine'>[]): number {
  return new Set(devices.map(machineOf)).size
}

/** The machines that have some of these devices, but for the host's. */
export function otherMachinesOf(devices: readonly Pick<Device, 'machine'>[]): number[] {
  return [...new Set(devices.map(machineOf))].filter((machine) => machine !== 0)
}

/**
 * The devices of a whole run: those of the strategy that has the most, of which every other one uses some. Single on all
 * cores has none of them.
 */
export function devicesOfRun(
  measurements: readonly { id: string; devices: readonly Device[] }[],
): readonly Device[] {
  const shares = measurements.filter(({ id }) => !isOnAllCores({ id }))
  return shares.reduce<readonly Device[]>(
    (most, { devices }) => (devices.length > most.length ? devices : most),
    [],
  )
}
