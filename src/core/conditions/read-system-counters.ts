import { join } from 'node:path'
import type { SystemCounters } from '../../shared/conditions/system-counters.js'
import { type SystemFolders, systemFolders } from '../../shared/machine/system-folders.js'
import { controlGroups } from '../devices/cpu-quota.js'
import { answerWithin } from '../within.js'
import { parsePressure } from './memory-state.js'
import { listFolder, readCount, readText } from './system-files.js'

const patienceMs = 1_000

/** What Linux counts from its start on; all null elsewhere, and null as a whole where it does not answer in a second. */
export async function readSystemCounters(
  folders: SystemFolders = systemFolders,
): Promise<SystemCounters | null> {
  return await answerWithin(patienceMs, async () => {
    const [thermalThrottles, quotaPeriods, pressure] = await Promise.all([
      readThermalThrottles(folders),
      readQuotaPeriods(folders),
      readText(join(folders.proc, 'pressure', 'memory')),
    ])
    const memoryStalledMs = parsePressure(pressure ?? '')?.stalledMs ?? null
    return { thermalThrottles, quotaPeriods, memoryStalledMs }
  })
}

/** Intel's processors alone have these counters; every core counts for itself. */
async function readThermalThrottles({ sys }: SystemFolders): Promise<number | null> {
  const root = join(sys, 'devices', 'system', 'cpu')
  const cores = (await listFolder(root)).filter((name) => /^cpu\d+$/.test(name))
  const counts = await Promise.all(
    cores.map((core) => readCount(join(root, core, 'thermal_throttle', 'core_throttle_count'))),
  )
  const known = counts.filter((count) => count !== null)
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0)
}

/** The group's that is throttled most: its own, or one that it is in. */
async function readQuotaPeriods(folders: SystemFolders): Promise<SystemCounters['quotaPeriods']> {
  const { version2, version1 } = await controlGroups(folders)
  const statistics = await Promise.all(
    [...version2, version1].map((folder) => readText(join(folder, 'cpu.stat'))),
  )
  const periods = statistics.flatMap((text) => parseQuotaPeriods(text ?? '') ?? [])
  return periods.reduce<SystemCounters['quotaPeriods']>(
    (most, one) => (most === null || one.throttled > most.throttled ? one : most),
    null,
  )
}

/** `cpu.stat` of either version of control groups; null without a quota, where no period is counted. */
export function parseQuotaPeriods(text: string): SystemCounters['quotaPeriods'] {
  const [all, throttled] = ['nr_periods', 'nr_throttled'].map((name) =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0),
  ) as [number, number]
  return all === 0 ? null : { all, throttled }
}
