import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type SystemFolders, systemFolders } from '../../shared/machine/system-folders.js'
import { parseCoreList } from './core-list.js'
import { readCpuQuota } from './cpu-quota.js'

/**
 * The logical cores that this process may use, by its affinity and its container's quota; at least one. They
 * are ordered so that the hardware threads of one physical core are neighbours, and the cores of one socket
 * too: a share cut from this list then owns its physical cores.
 */
export async function allowedCores(folders: SystemFolders = systemFolders): Promise<number[]> {
  const allowed =
    (await readAffinity(folders)) ?? Array.from({ length: availableParallelism() }, (_, core) => core)
  // An affinity that nobody restricted may list cores that could be plugged in but are not there.
  const online = await readOnline(folders)
  const cores = online === null ? allowed : allowed.filter((core) => online.has(core))
  const ordered = await orderByTopology(cores, folders)
  const quota = await readCpuQuota(folders)
  return quota === null ? ordered : ordered.slice(0, Math.max(1, Math.floor(quota)))
}

async function readAffinity(folders: SystemFolders): Promise<number[] | null> {
  const status = await readFile(join(folders.proc, 'self', 'status'), 'utf8').catch(() => '')
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1]
  return list === undefined ? null : parseCoreList(list)
}

async function readOnline(folders: SystemFolders): Promise<ReadonlySet<number> | null> {
  const path = join(folders.sys, 'devices', 'system', 'cpu', 'online')
  const list = (await readFile(path, 'utf8').catch(() => '')).trim()
  return list === '' ? null : new Set(parseCoreList(list))
}

interface PlacedCore {
  core: number
  socket: number
  physicalCore: number
}

async function orderByTopology(cores: readonly number[], folders: SystemFolders): Promise<number[]> {
  const placed = await Promise.all(cores.map((core) => readPlace(core, folders)))
  placed.sort((a, b) => a.socket - b.socket || a.physicalCore - b.physicalCore || a.core - b.core)
  return placed.map(({ core }) => core)
}

/** Where the topology is not shown, every logical core counts as a physical one. */
async function readPlace(core: number, folders: SystemFolders): Promise<PlacedCore> {
  const topology = join(folders.sys, 'devices', 'system', 'cpu', `cpu${core}`, 'topology')
  const [socket, physicalCore] = await Promise.all(
    ['physical_package_id', 'core_id'].map(async (name) => {
      const text = await readFile(join(topology, name), 'utf8').catch(() => '')
      return /^\d+\s*$/.test(text) ? Number(text) : null
    }),
  )
  return { core, socket: socket ?? 0, physicalCore: physicalCore ?? core }
}
