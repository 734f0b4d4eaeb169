import { mkdir, open, rm, stat, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const heartbeatMs = 2_000
const abandonedAfterMs = 10_000
const retryMs = 250

export interface LockOptions {
  signal: AbortSignal
  /** Called once when another install holds the lock. */
  onWait: () => void
}

/**
 * Runs `action` while no other process of this user runs one under the same file. The holder touches the
 * file every 2 s; one that has not been touched for 10 s belonged to a process that was killed, whatever its
 * id or machine, and is taken over. Should two take it over in the same instant, both work in staging folders
 * of their own and the later one's result stays: time is lost, nothing is damaged.
 */
export async function withInstallLock<T>(
  path: string,
  options: LockOptions,
  action: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  let waited = false
  while (!(await tryAcquire(path))) {
    if (!waited) options.onWait()
    waited = true
    await delay(retryMs, undefined, { signal: options.signal })
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    // A lock file that someone removed by hand is no reason to stop an install.
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMs)
  try {
    return await action()
  } finally {
    clearInterval(heartbeat)
    await rm(path, { force: true })
  }
}

async function tryAcquire(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const held = await stat(path).catch(() => null)
  // Either way: where the clock was put back, a lock is of the future, and its holder will have touched it in a moment.
  const isAbandoned = held !== null && Math.abs(Date.now() - held.mtimeMs) > abandonedAfterMs
  if (isAbandoned) await rm(path, { force: true })
  return false
}
