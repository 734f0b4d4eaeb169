import { mkdir } from 'node:fs/promises'
import getPort from 'get-port'
import type { CollectiveJob } from '../../shared/child/trainer-protocol.js'
import { type CollectiveName, type EngineName, engines } from '../../shared/domain/engines.js'
import { gradientBytes } from '../../shared/domain/models.js'
import { assertNever } from '../../shared/errors.js'
import type { Device } from '../../shared/machine/device.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
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
 * What PyTorch has of its own; else shared memory between CPU ranks on Linux, TensorFlow's own between GPUs, files everywhere else.
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
  if (engine !== null && engines[engine].hasPyTorchSettings) return 'torch'
  if (requested !== 'auto') return requested
  if (!inHostMemory && devices.some((device) => device.kind === 'gpu')) return 'tensorflow'
  return platform === 'linux' ? 'shared-memory' : 'files'
}

type Network = Pick<RunConfiguration, 'modelName' | 'stem'>

/** Makes what a group of `worldSize` ranks needs to meet. The caller releases it. */
export async function openCollective(
  kind: CollectiveJob['kind'],
  worldSize: number,
  network: Network,
  timeoutMs: number,
): Promise<Collective> {
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
      const addresses: string[] = []
      for (let rank = 0; rank < worldSize; rank++) addresses.push(`127.0.0.1:${await getPort()}`)
      return { job: { kind, addresses, timeoutMs }, joined: nothing, release: nothing }
    }
    case 'torch': {
      // Ranks keep it open as long as they run, and meet in it again for new groups.
      const { path, remove } = await reserveCollectivePath(0)
      return { job: { kind, path, timeoutMs }, joined: nothing, release: remove }
    }
    default:
      return assertNever(kind, 'kind of collective')
  }
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
