import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What the name of every folder begins with in which an engine is made, or on its way out. */
export function stagingPrefix(engineFolder: string): string {
  return `${engineFolder}-staging-`
}

/** Removes what installs and removals that were killed have left behind. Only under the install lock. */
export async function removeStaging(engineFolder: string): Promise<void> {
  const parent = dirname(engineFolder)
  for (const entry of await readdir(parent)) {
    if (!entry.startsWith(basename(stagingPrefix(engineFolder)))) continue
    await rm(join(parent, entry), { recursive: true, force: true })
  }
}
