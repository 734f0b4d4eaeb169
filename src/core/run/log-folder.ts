import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

/** A folder a run, and one for its calibration. */
const keptFolders = 40
const runPattern = /^\d{8}-\d{6}-[0-9a-f]{6}(-calibration)?$/

/** Where trainers' output is kept: `TANDEM_LOG_DIR`, else the platform's folder for logs. */
export function logFolder(environment: NodeJS.ProcessEnv): string {
  const named = environment.TANDEM_LOG_DIR
  return named ? resolve(named) : envPaths('tandem', { suffix: '' }).log
}

/** Removes the logs of all but the latest runs. Never rejects: old logs must not keep a run from starting. */
export async function pruneLogs(folder: string): Promise<void> {
  const runs = (await readdir(folder).catch(() => [])).filter((name) => runPattern.test(name)).sort()
  for (const name of runs.slice(0, -keptFolders)) {
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
