import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import type { TrainerHost } from './trainer-process.js'

const keptRuns = 20
const runPattern = /^\d{8}-\d{6}-[0-9a-f]{6}$/

/** Where trainers' output is kept: `TANDEM_LOG_DIR`, else the platform's folder for logs. */
export function logFolder(environment: NodeJS.ProcessEnv): string {
  const named = environment.TANDEM_LOG_DIR
  return named ? resolve(named) : envPaths('tandem', { suffix: '' }).log
}

/** The host with its trainers' output in a folder of its own: by run, and by measurement. */
export function logTo(host: TrainerHost, runId: string, part: string): TrainerHost {
  return { ...host, logDirectory: host.logDirectory && join(host.logDirectory, runId, part) }
}

/** Removes the logs of all but the latest runs. Never rejects: old logs must not keep a run from starting. */
export async function pruneLogs(folder: string): Promise<void> {
  const runs = (await readdir(folder).catch(() => [])).filter((name) => runPattern.test(name)).sort()
  for (const name of runs.slice(0, -keptRuns)) {
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
