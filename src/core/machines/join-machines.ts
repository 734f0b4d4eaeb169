import type { DataSource } from '../../shared/child/trainer-protocol.js'
import {
  type BackendName,
  collectivesBetweenMachines,
  enginesNamed,
  engines as engineTable,
} from '../../shared/domain/engines.js'
import { TandemError } from '../../shared/errors.js'
import type { Device } from '../../shared/machine/device.js'
import type { MachinePassport } from '../../shared/results/results.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { ResolvedDevices } from '../devices/resolve.js'
import type { ChosenEngine } from '../run/choose-engine.js'
import type { MachineOffer } from './agent-protocol.js'
import { dataChecksum } from './data-checksum.js'
import type { OtherMachines, Waiting } from './other-machines.js'
import { engineVersion } from './prepare-machine.js'

/** What node 0 has for the run. */
export interface OwnPart {
  purpose: 'run' | 'plan'
  configuration: RunConfiguration
  processes: number | undefined
  engines: readonly ChosenEngine[]
  devices: ResolvedDevices
  data: DataSource
}

export interface JoinedMachines {
  /** Of all machines, those of node 0 first; each says which machine has it. */
  devices: ResolvedDevices
  /** Of node 1 and those after it. */
  passports: MachinePassport[]
  notes: string[]
}

/**
 * Waits for the other machines, and joins their devices to those of node 0. All have to have the same engines, data and kind
 * of devices: what differs would be taken for an effect of the strategy.
 *
 * Throws `node-missing`, `node-lost`, `node-mismatch` which names the machine, what a machine refuses with, and `usage` for
 * an exchange that does not leave a machine.
 */
export async function joinMachines(
  machines: OtherMachines,
  own: OwnPart,
  waiting: Waiting = {},
): Promise<JoinedMachines> {
  assertExchange(own.configuration)
  const { purpose, engines, processes, data } = own
  const backend = engines.map(({ backend: { name } }) => name).join(',') as BackendName
  const { script, ...configuration } = { ...own.configuration, backend, dataDir: null }
  const [joined, checksum] = await Promise.all([
    machines.prepare({ purpose, configuration, processes: processes ?? null, isOfScript: false }, waiting),
    purpose === 'plan' ? null : dataChecksum(data, waiting.signal),
  ])
  for (const { name, offer } of joined) assertAlike(name, offer, own, checksum)
  return {
    devices: joinDevices(own.devices, joined),
    passports: joined.map(({ offer }) => offer.passport),
    notes: [
      ...(joined.length === 0 ? [notHereYet] : []),
      ...joined.flatMap(({ name, offer }) => describeMachine(name, offer, own.devices)),
    ],
  }
}

/** The devices of all machines, those of node 0 first; each says which machine has it. */
export function joinDevices(
  own: ResolvedDevices,
  joined: readonly { offer: Pick<MachineOffer, 'devices'> }[],
): ResolvedDevices {
  const of = (machine: number) => (device: Device) => ({ ...device, machine })
  const { devices, base, allCores } = own
  return {
    ...own,
    devices: [
      ...devices.map(of(0)),
      ...joined.flatMap(({ offer }, index) => offer.devices.map(of(index + 1))),
    ],
    base: of(0)(base),
    allCores: allCores && of(0)(allCores),
  }
}

/** Of a plan alone: a run waits for them. */
const notHereYet = 'Other machines are not here yet; their devices will come on top of these.'

function assertExchange({ collective, backend }: RunConfiguration): void {
  if (collectivesBetweenMachines.includes(collective)) return
  if (enginesNamed(backend).every((name) => engineTable[name].hasPyTorchSettings)) return
  const problem = 'it does not reach other machines'
  throw new TandemError({
    code: 'usage',
    message: `--collective ${collective}: ${problem}`,
    hint: 'Leave --collective out, or use tensorflow.',
    setting: { name: 'collective', problem },
  })
}

function assertAlike(name: string, offer: MachineOffer, own: OwnPart, checksum: string | null): void {
  own.engines.forEach((engine, index) => {
    const { title } = engineTable[engine.backend.name]
    const other = offer.engines[index]
    const version = engineVersion(engine)
    if (other?.name !== engine.backend.name) throw mismatch(`${name} has no ${title}`)
    if (other.version === version) return
    throw mismatch(
      `${name} has ${title} ${other.version ?? 'of an unknown version'}, and node 0 ${version ?? 'one of an unknown version'}`,
    )
  })
  assertSameKind(name, offer, own.devices)
  if (offer.data.checksum !== checksum) {
    throw mismatch(
      `${name} has other pictures than node 0: the checksums of their data sets differ`,
      'Copy the data set of one machine to the others.',
    )
  }
}

/** Throws `node-mismatch` for GPUs on one machine and CPU devices on another. */
export function assertSameKind(name: string, offer: MachineOffer, { kind }: ResolvedDevices): void {
  const other = offer.devices.find((device) => device.kind !== kind)
  if (other === undefined) return
  throw mismatch(
    `${name} would train on ${other.kind === 'gpu' ? 'GPUs' : 'CPU devices'}, and node 0 on ${kind === 'gpu' ? 'GPUs' : 'CPU devices'}`,
    'Name devices of one kind, on every node.',
  )
}

/** For people: what a machine trains on, and how that differs from node 0's. */
export function describeMachine(
  name: string,
  { devices, notes }: MachineOffer,
  own: ResolvedDevices,
): string[] {
  const [first] = devices
  const [mine] = own.devices
  const differs =
    first !== undefined &&
    mine !== undefined &&
    (first.cores.length !== mine.cores.length ||
      (first.kind === 'gpu' && first.description !== mine.description))
  return [
    `${name}: ${devices.map(({ description }) => description).join(', ')}`,
    ...notes.map((note) => `${name}: ${note}`),
    ...(differs
      ? [`The devices of ${name} are not like those of node 0; the slowest sets the pace of DDP.`]
      : []),
  ]
}

/** What a machine has is not what node 0 has. */
export function mismatch(
  problem: string,
  hint = 'Every machine needs the same engines in the same version.',
): TandemError {
  return new TandemError({ code: 'node-mismatch', message: problem, hint })
}
