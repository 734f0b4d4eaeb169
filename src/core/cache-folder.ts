import { resolve } from 'node:path'
import envPaths from 'env-paths'

/**
 * Where Tandem keeps what it can fetch again: the platform's cache folder of this user, or the folder named
 * by `TANDEM_CACHE_DIR`.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.TANDEM_CACHE_DIR
  if (named !== undefined && named !== '') return resolve(named)
  return envPaths('tandem', { suffix: '' }).cache
}
