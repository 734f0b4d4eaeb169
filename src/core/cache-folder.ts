import { userFolder } from './user-folders.js'

/**
 * Where Tandem keeps what it can fetch again: the platform's cache folder of this user, or the folder named
 * by `TANDEM_CACHE_DIR`. Throws `no-home`.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return userFolder('cache', environment)
}
