import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from './cache-folder.js'

/** Large things that Tandem fetches by itself when they are missing. */
export type Fetched = 'engine-install' | 'electron-fetch'

/** After a fetch that failed, nothing tries again by itself for this long; a person may at any time. */
const retryAfterMs = 60 * 60 * 1000

export async function failedLately(what: Fetched, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const found = await stat(stampPath(what, environment)).catch(() => null)
  // A failure of the future was before the clock was put back.
  return found !== null && Math.abs(Date.now() - found.mtimeMs) < retryAfterMs
}

/** A cache folder that cannot be written is no reason to fail: the next run simply tries again. */
export async function rememberFailure(what: Fetched, environment: NodeJS.ProcessEnv): Promise<void> {
  const stamp = stampPath(what, environment)
  await mkdir(dirname(stamp), { recursive: true }).catch(() => {})
  await writeFile(stamp, '').catch(() => {})
}

export async function forgetFailure(what: Fetched, environment: NodeJS.ProcessEnv): Promise<void> {
  await rm(stampPath(what, environment), { force: true })
}

function stampPath(what: Fetched, environment: NodeJS.ProcessEnv): string {
  return join(cacheFolder(environment), `${what}-failed`)
}
