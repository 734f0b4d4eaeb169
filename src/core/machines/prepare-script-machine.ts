import { isIP } from 'node:net'
import type { DataSource, TrainerJob } from '../../shared/child/trainer-protocol.js'
import { TandemError } from '../../shared/errors.js'
import type { Device } from '../../shared/machine/device.js'
import type { Script } from '../../shared/script/script.js'
import { detectGpus } from '../devices/gpus.js'
import { detectInventory } from '../devices/inventory.js'
import { detectMachine } from '../devices/machine.js'
import { assertStartable, scriptDevices, setUp } from '../script/prepare-script.js'
import { scriptFileChecksum, torchVersion } from '../script/script-identity.js'
import { type ScriptSetup, scriptJob, scriptProgram } from '../script/script-jobs.js'
import type { PreparedMachine } from './agent-programs.js'
import type { RunWishOfHost } from './agent-protocol.js'
import { ownAddressTowards } from './network-interface.js'
import { notAgreed, ownDevices } from './prepare-machine.js'
import { readLink } from './read-link.js'

/** The script that somebody typed on this machine, which is the only one that it runs. */
export interface OwnScript {
  script: Script
  deviceKind: 'auto' | 'cpu' | 'gpu'
  python: string | undefined
}

export interface ScriptMachineOptions {
  own: OwnScript
  /** With node 0. */
  nodes: number
  interfaceName: string | null
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
  tandemVersion: string
}

/**
 * Finds what this machine has for a script that node 0 measures: the devices, and the script that it was told of itself.
 *
 * Throws as `prepareScript` does for what is missing here, and `interface-unknown`.
 */
export async function prepareScriptMachine(
  { hostAddress }: Pick<RunWishOfHost, 'hostAddress'>,
  options: ScriptMachineOptions,
): Promise<PreparedMachine> {
  const { own, environment, nodes } = options
  const { script } = own
  assertStartable(script)
  const detection = detectGpus(environment)
  const [inventory, machine, route] = await Promise.all([
    detectInventory(detection),
    detectMachine(detection),
    ownAddressTowards(hostAddress, options.interfaceName),
  ])
  const { devices, notes } = scriptDevices(own.deviceKind, script, inventory, nodes)
  const setup = await setUp(script, { ...options, python: own.python })
  const { folder, ...told } = script
  return {
    offer: {
      passport: {
        ...machine,
        tandemVersion: options.tandemVersion,
        nodeVersion: process.versions.node,
        tensorflowVersion: null,
        link: await readLink(route.interfaceName),
      },
      engines: [{ name: 'pytorch', version: await torchVersion(setup.python, environment), cuda: false }],
      devices,
      data: { trainSamples: 0, testSamples: 0, checksum: null },
      script: { ...told, checksum: await scriptFileChecksum(script) },
      ...route,
      notes,
    },
    ownJob: (job) => ownScriptJob(job, { script, setup, devices, interfaceName: route.interfaceName }),
  }
}

interface OwnScriptMeans {
  script: Script
  setup: ScriptSetup
  devices: readonly Device[]
  interfaceName: string
}

const noData: DataSource = { kind: 'synthetic', trainSamples: 1, testSamples: 1 }

/**
 * A rank of a script as this machine starts it: command, folder and Python are those that it was told of on its own command
 * line. Of the wire are which ranks it has, and where they meet.
 */
export function ownScriptJob(job: TrainerJob, means: OwnScriptMeans): TrainerJob {
  const { script, setup, interfaceName } = means
  const { share } = job.script ?? {}
  if (share === undefined) throw notAgreed('training of its own')
  if (job.collective?.kind !== 'torch-network') throw notAgreed('an exchange on one machine')
  const { firstRank, ranks } = share
  if (ranks > means.devices.length || job.rank < firstRank || job.rank >= firstRank + ranks)
    throw notAgreed(`rank ${job.rank}`)
  const { address, port } = job.collective
  if (isIP(address) === 0) throw notAgreed(`a meeting at ${JSON.stringify(address)}`)
  const here = { devices: means.devices.slice(0, ranks), worldSize: job.worldSize }
  return {
    ...job,
    backend: { name: 'pytorch', python: setup.python, trainer: '', gpuThreads: setup.gpuThreads },
    devices: ownDevices(job, means.devices),
    data: noData,
    initialWeightsDirectory: '',
    autotune: null,
    script: scriptJob(script, share),
    program: scriptProgram(script, here, setup, { share, address, port, interfaceName }),
  }
}

/** Node 0 measures a script, and nobody told this machine of one; or the other way round. */
export function notOfOneKind(isOfScript: boolean): TandemError {
  return new TandemError({
    code: 'node-mismatch',
    message: isOfScript
      ? 'node 0 measures a script, and this machine was told of none'
      : "node 0 trains Tandem's own model, and this machine was told of a script",
    hint: isOfScript
      ? 'Type the same `tandem measure … -- COMMAND` on every node, each with its own --node-rank: a machine runs no script but the one that it was told of itself.'
      : 'Start `tandem agent` on this machine, or `tandem measure` on node 0.',
  })
}
