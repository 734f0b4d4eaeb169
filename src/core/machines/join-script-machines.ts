import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { commandText, type Script } from '../../shared/script/script.js'
import type { ResolvedDevices } from '../devices/resolve.js'
import { scriptFileChecksum, torchVersion } from '../script/script-identity.js'
import type { MachineOffer, ScriptOffer } from './agent-protocol.js'
import {
  assertSameKind,
  describeMachine,
  type JoinedMachines,
  joinDevices,
  mismatch,
} from './join-machines.js'
import type { OtherMachines, Waiting } from './other-machines.js'

/** What node 0 has for a script. */
export interface OwnScriptPart {
  configuration: RunConfiguration
  script: Script
  devices: ResolvedDevices
  python: string
  environment: NodeJS.ProcessEnv
}

/**
 * Waits for the other machines, each of which was told of its script by somebody, and joins their devices to those of node
 * 0. What they were told has to be what node 0 was told: no command goes over the wire.
 *
 * Throws `node-missing`, `node-lost`, `node-mismatch` which names the machine, and what a machine refuses with.
 */
export async function joinScriptMachines(
  machines: OtherMachines,
  own: OwnScriptPart,
  waiting: Waiting = {},
): Promise<JoinedMachines> {
  const { script, devices, python, environment } = own
  const { script: _, ...configuration } = own.configuration
  const [joined, checksum, version] = await Promise.all([
    machines.prepare({ purpose: 'run', configuration, processes: null, isOfScript: true }, waiting),
    scriptFileChecksum(script),
    torchVersion(python, environment),
  ])
  const { folder, ...told } = script
  for (const { name, offer } of joined) {
    assertSameScript(name, offer.script, { ...told, checksum })
    assertSameKind(name, offer, devices)
    assertSameTorch(name, offer, version)
  }
  return {
    devices: joinDevices(devices, joined),
    passports: joined.map(({ offer }) => offer.passport),
    notes: joined.flatMap(({ name, offer }) => describeMachine(name, offer, devices)),
  }
}

/** What was said on each command line beside the command, and its flag. */
const flags = {
  worlds: '--devices',
  launcher: '--launcher',
  isInScratch: '--scratch',
  steps: '--steps',
  warmUpSteps: '--warm-up',
  perDeviceBatch: '--per-device-batch',
  globalBatch: '--global-batch',
  startSeconds: '--start-limit',
} as const satisfies Record<Exclude<keyof Script, 'command' | 'folder' | 'counts'>, string>

function assertSameScript(name: string, offered: ScriptOffer | undefined, own: ScriptOffer): void {
  if (offered === undefined) throw mismatch(`${name} was told of no script`, sameOnEvery)
  const [there, here] = [commandText(offered), commandText(own)]
  if (there !== here) throw mismatch(`${name} would run ${there}, and node 0 ${here}`, sameOnEvery)
  for (const [key, flag] of Object.entries(flags) as [keyof typeof flags, string][]) {
    const [its, ours] = [JSON.stringify(offered[key]), JSON.stringify(own[key])]
    if (its !== ours) throw mismatch(`${flag} is ${its} on ${name}, and ${ours} on node 0`, sameOnEvery)
  }
  if (offered.checksum !== own.checksum)
    throw mismatch(`${name} has another version of the script than node 0`, 'Copy the script to every node.')
}

function assertSameTorch(name: string, { engines }: MachineOffer, own: string | null): void {
  const version = engines[0]?.version ?? null
  if (version === own) return
  throw mismatch(
    `${name} has PyTorch ${version ?? 'of an unknown version'}, and node 0 ${own ?? 'one of an unknown version'}`,
    'Every machine needs the same version of PyTorch.',
  )
}

const sameOnEvery = 'Type the same command on every node, each with its own --node-rank.'
