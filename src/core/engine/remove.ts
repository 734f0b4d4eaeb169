import { rename } from 'node:fs/promises'
import { withInstallLock } from './install-lock.js'
import { engineFolder } from './location.js'
import { removeStaging, stagingPrefix } from './staging.js'

export interface RemoveOptions {
  environment?: NodeJS.ProcessEnv
  signal?: AbortSignal
  onWait?: () => void
}

/**
 * Removes Tandem's own engine folder and what interrupted installs left beside it; says whether there was
 * an engine. No other TensorFlow is ever touched. A run that has the library loaded goes on undisturbed.
 */
export async function removeEngine(
  options: RemoveOptions = {},
): Promise<{ folder: string; removed: boolean }> {
  const folder = engineFolder(options.environment)
  const signal = options.signal ?? new AbortController().signal
  const onWait = options.onWait ?? (() => undefined)
  return await withInstallLock(`${folder}.lock`, { signal, onWait }, async () => {
    await removeStaging(folder)
    const removed = await setAside(folder)
    await removeStaging(folder)
    return { folder, removed }
  })
}

/** Renamed before its files go, so that nobody finds an engine with half of them. */
async function setAside(folder: string): Promise<boolean> {
  try {
    await rename(folder, `${stagingPrefix(folder)}removed`)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
