import { join } from 'node:path'
import type { SystemFolders } from '../../shared/machine/system-folders.js'
import { readText } from '../conditions/system-files.js'
import { controlGroups } from './cpu-quota.js'

/** More than any machine has: how version 1 of control groups says that there is no limit. */
const noLimitBytes = 2 ** 60

/** The memory that a container's control groups grant, in bytes, or null without a limit. */
export async function readMemoryLimit(folders: SystemFolders): Promise<number | null> {
  const { version2 } = await controlGroups(folders)
  const files = [
    ...version2.map((group) => join(group, 'memory.max')),
    join(folders.sys, 'fs', 'cgroup', 'memory', 'memory.limit_in_bytes'),
  ]
  const texts = await Promise.all(files.map((file) => readText(file)))
  const limits = texts.flatMap((text) => (text !== null && /^\d+$/.test(text) ? [Number(text)] : []))
  const limit = Math.min(...limits, noLimitBytes)
  return limit < noLimitBytes ? limit : null
}
