import { mkdir } from 'node:fs/promises'
import getPort from 'get-port'
import type { CollectiveJob } from '../../shared/child/trainer-protocol.js'
import { type CollectiveName, type EngineName, engines } from '../../shared/domain/engines.js'
import { gradientBytes } from '../../shared/domain/models.js'
import { assertNever } from '../../shared/errors.js'
import { type Device, machineCount, machineOf } from '../../shared/machine/device.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { endpointText } from '../machines/endpoint.js'
import type { OtherMachines } from '../machines/other-machines.js'
import { reserveCollectivePath } from './collective-files.js'

/** What the ranks of one group exchange gradients through, from before they start until they have ended. */
export interface Collective {
  job: CollectiveJob
  /** Every rank has joined: what they met at can go. */
  joined(): Promise<void>
  /** Frees whatever is left; the ranks have ended. */
  release(): Promise<void>
}

/**
 * What PyTorch has of its own; else shared memory between CPU ranks on Linux, TensorFlow's own between GPUs and between
 * machines, files everywhere else.
 *
 * @param inHostMemory GPUs too: the exchange is to be a part of the step of its own
 */
export function chooseCollective(
  requested: CollectiveName,
  engine: EngineName | null,
  devices: readonly Device[],
  platform: NodeJS.Platform,
  inHostMemory = false,
): CollectiveJob['kind'] {
  const crossesMachines = machineCount(devices) > 1
  if (engine !== null && engines[engine].hasPyTorchSettings)
    return crossesMachines ? 'torch-network' : 'torch'
  if (crossesMachines) return 'tensorflow'
  if (requested !== 'auto') return requested
  if (!inHostMemory && devices.some((device) => device.kind === 'gpu')) return 'tensorflow'
  return platform === 'linux' ? 'shared-memory' : 'files'
}

type Network = Pick<RunConfiguration, 'modelName' | 'stem'>

/**
 * Makes what a group of ranks, one a device, needs to meet. The caller releases it.
 *
 * @param machines the other ones, for a group that is not on this machine alone
 */
export async function openCollective(
  kind: CollectiveJob['kind'],
  devices: readonly Device[],
  network: Network,
  timeoutMs: number,
  machines: OtherMachines | null = null,
): Promise<Collective> {
  const worldSize = devices.length
  switch (kind) {
    case 'shared-memory': {
      const { path, remove } = await reserveCollectivePath(exchangeBytes(worldSize, network))
      return { job: { kind, path, timeoutMs }, joined: remove, release: remove }
    }
    case 'files': {
      const { path, remove } = await reserveCollectivePath(exchangeBytes(worldSize, network))
      await mkdir(path, { mode: 0o700 })
      return { job: { kind, directory: path, timeoutMs }, joined: nothing, release: remove }
    }
    case 'tensorflow': {
      const addresses = await rankAddresses(devices, machineCount(devices) > 1 ? machines : null)
      return { job: { kind, addresses, timeoutMs }, joined: nothing, release: nothing }
    }
    case 'torch': {
      // Ranks keep it open as long as they run, and meet in it again for new groups.
      const { path, remove } = await reserveCollectivePath(0)
      return { job: { kind, path, timeoutMs }, joined: nothing, release: remove }
    }
    case 'torch-network': {
      const address = machines?.own.address ?? '127.0.0.1'
      const port = await getPort({ host: address })
      return { job: { kind, address, port, timeoutMs }, joined: nothing, release: nothing }
    }
    default:
      return assertNever(kind, 'kind of collective')
  }
}

/** Where each rank's server is to listen: on the loopback, or at its machine's address. */
async function rankAddresses(devices: readonly Device[], machines: OtherMachines | null): Promise<string[]> {
  const addresses: string[] = []
  for (const device of devices) {
    const machine = machineOf(device)
    if (machines === null) addresses.push(`127.0.0.1:${await getPort()}`)
    else {
      const [port] = machine === 0 ? [await getPort()] : await machines.findPorts(machine, 1)
      addresses.push(endpointText({ host: machines.address(machine), port: port as number }))
    }
  }
  return addresses
}

/** TensorFlow's server could not listen: another program took the port after it was found free. */
export function isAddressInUse(message: string): boolean {
  return /address (is )?already in use|EADDRINUSE|could not start gRPC server/i.test(message)
}

/** One vector of all parameters a rank, and their sum; 2 % for batch-norm buffers and bookkeeping. */
function exchangeBytes(worldSize: number, { modelName, stem }: Network): number {
  return Math.ceil((worldSize + 1) * 1.02 * gradientBytes(modelName, stem))
}

async function nothing(): Promise<void> {}
