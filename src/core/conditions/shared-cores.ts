import { join } from 'node:path'
import type { Device } from '../../shared/machine/device.js'
import type { SystemFolders } from '../../shared/machine/system-folders.js'
import { parseCoreList } from '../devices/core-list.js'
import { readText } from './system-files.js'

/**
 * The CPU devices, by index, whose cores are hardware threads of the same physical cores, in groups. Such devices share
 * arithmetic units, not only caches. Null where the system does not show its topology.
 */
export async function findSharedPhysicalCores(
  devices: readonly Pick<Device, 'index' | 'cores'>[],
  { sys }: SystemFolders,
): Promise<number[][] | null> {
  const owners = new Map<string, Set<number>>()
  for (const { index, cores } of devices) {
    for (const core of cores) {
      const topology = join(sys, 'devices', 'system', 'cpu', `cpu${core}`, 'topology')
      const siblings = await readText(join(topology, 'thread_siblings_list'))
      const threads = parseCoreList(siblings ?? '')
      if (threads === null) return null
      const physicalCore = threads.join()
      owners.set(physicalCore, (owners.get(physicalCore) ?? new Set()).add(index))
    }
  }
  const groups = [...owners.values()].filter((group) => group.size > 1).map((group) => [...group].join())
  return [...new Set(groups)].map((group) => group.split(',').map(Number))
}
