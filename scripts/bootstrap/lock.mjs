import { writeFileSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeProcess, isRunning } from './process-identity.mjs'

/** @typedef {import('./process-identity.mjs').ProcessIdentity} ProcessIdentity */

const pollMs = 200
/** Writing a lock, or recovering one, takes microseconds: what is older was left by a process that died in it. */
const abandonedMs = 10_000

/**
 * Runs `work` while this process alone holds the lock file, and frees the lock whatever happens. A lock
 * whose holders are no longer running is taken over.
 *
 * @template T
 * @param {string} path
 * @param {(shareWith: (pid: number) => void) => Promise<T>} work it calls `shareWith` for a child process that
 *   would go on working should this process be killed: the lock is then held until the child has ended, too
 * @param {{ onWait?: (holder: ProcessIdentity | null) => void }} [options] `onWait` is called once, when
 *   there is a wait; the holder is null while it is still signing its lock
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait = () => {} } = {}) {
  await mkdir(dirname(path), { recursive: true })
  const self = describeProcess(process.pid)
  let waited = false
  while (!(await createExclusively(path, JSON.stringify([self])))) {
    if (await isAbandoned(path)) {
      await removeAbandoned(path)
      continue
    }
    if (!waited) onWait((await readHolders(path)).find(isRunning) ?? null)
    waited = true
    await sleep(pollMs)
  }
  try {
    // Written at once: a write that came late could land in the next holder's lock.
    return await work((pid) => writeFileSync(path, JSON.stringify([self, describeProcess(pid)])))
  } finally {
    await rm(path, { force: true })
  }
}

/**
 * Only one process at a time may remove an abandoned lock, after another look at it: without that, a slow
 * one could remove the lock that a faster one has just taken over.
 *
 * @param {string} path
 */
async function removeAbandoned(path) {
  const recovery = `${path}.recovery`
  if (!(await createExclusively(recovery, ''))) {
    if (await isOld(recovery)) await rm(recovery, { force: true })
    await sleep(pollMs)
    return
  }
  try {
    if (await isAbandoned(path)) await rm(path, { force: true })
  } finally {
    await rm(recovery, { force: true })
  }
}

/**
 * @param {string} path
 * @param {string} content
 * @returns {Promise<boolean>} false if the file is there already
 */
async function createExclusively(path, content) {
  try {
    await writeFile(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
async function isAbandoned(path) {
  const holders = await readHolders(path)
  return holders.length === 0 ? isOld(path) : !holders.some(isRunning)
}

/**
 * @param {string} path
 * @returns {Promise<boolean>} false where the file is gone
 */
async function isOld(path) {
  const found = await stat(path).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs > abandonedMs
}

/**
 * @param {string} path
 * @returns {Promise<ProcessIdentity[]>} empty where the file is gone, or holds no signature (yet)
 */
async function readHolders(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return []
  }
}
