import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from '../cache-folder.js'

/** After an install that failed, nothing tries again by itself for this long; a person may at any time. */
const retryAfterMs = 60 * 60 * 1000

export async function installFailedLately(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const found = await stat(stampPath(environment)).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs < retryAfterMs
}

/** A cache folder that cannot be written is no reason to fail: the next run simply tries again. */
export async function rememberFailedInstall(environment: NodeJS.ProcessEnv): Promise<void> {
  const stamp = stampPath(environment)
  await mkdir(dirname(stamp), { recursive: true }).catch(() => {})
  await writeFile(stamp, '').catch(() => {})
}

export async function forgetFailedInstall(environment: NodeJS.ProcessEnv): Promise<void> {
  await rm(stampPath(environment), { force: true })
}

function stampPath(environment: NodeJS.ProcessEnv): string {
  return join(cacheFolder(environment), 'engine-install-failed')
}
