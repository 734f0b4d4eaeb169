import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SystemFolders } from '../../shared/machine/system-folders.js'

/**
 * The processor time a container's control groups grant, in cores, or null without a limit. Read in both
 * versions of Linux's interface, for the process's own group and, as containers show it, at the root.
 */
export async function readCpuQuota(folders: SystemFolders): Promise<number | null> {
  const { version2, version1 } = await controlGroups(folders)
  const quotas = await Promise.all([...version2.map(readVersion2), readVersion1(version1)])
  const limits = quotas.filter((quota) => quota !== null)
  return limits.length === 0 ? null : Math.min(...limits)
}

/** The folders of the process's own control group and of those that it is in, in both versions of the interface. */
export async function controlGroups({
  proc,
  sys,
}: SystemFolders): Promise<{ version2: string[]; version1: string }> {
  const groups = await readFile(join(proc, 'self', 'cgroup'), 'utf8').catch(() => '')
  const ownGroup = /^0::(\/.*)$/m.exec(groups)?.[1] ?? '/'
  const root = join(sys, 'fs', 'cgroup')
  return { version2: ancestors(ownGroup).map((group) => join(root, group)), version1: join(root, 'cpu') }
}

/** A group is bound by its ancestors' limits too. */
function ancestors(group: string): string[] {
  const parts = group.split('/').filter((part) => part !== '' && part !== '..')
  return Array.from({ length: parts.length + 1 }, (_, count) => parts.slice(0, count).join('/'))
}

/** `cpu.max` holds "200000 100000": microseconds of processor time in a period; or "max 100000". */
async function readVersion2(directory: string): Promise<number | null> {
  const [quota = '', period = ''] = (await readText(join(directory, 'cpu.max'))).split(' ')
  return divide(quota, period)
}

/** A quota of -1 is none. */
async function readVersion1(directory: string): Promise<number | null> {
  const [quota, period] = await Promise.all(
    ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => readText(join(directory, name))),
  )
  return divide(quota ?? '', period ?? '')
}

function divide(quota: string, period: string): number | null {
  if (!/^[1-9]\d*$/.test(quota) || !/^[1-9]\d*$/.test(period)) return null
  return Number(quota) / Number(period)
}

async function readText(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trim()
}
