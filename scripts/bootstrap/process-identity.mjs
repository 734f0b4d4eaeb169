import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * A process that another can recognise later. The start time (Linux only) tells it from a later process
 * that was given the same pid.
 * @typedef {{ pid: number, startedAt: string | null, host: string }} ProcessIdentity
 */

/**
 * @param {number} pid
 * @returns {ProcessIdentity}
 */
export function describeProcess(pid) {
  return { pid, startedAt: linuxStatus(pid)?.startedAt ?? null, host: hostname() }
}

/**
 * A process of another host (a shared folder, a container) cannot be looked up, so it counts as running.
 *
 * @param {ProcessIdentity} identity
 * @returns {boolean}
 */
export function isRunning(identity) {
  if (identity.host !== hostname()) return true
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const status = linuxStatus(identity.pid)
  if (status === null) return true
  return !status.ended && (identity.startedAt === null || status.startedAt === identity.startedAt)
}

/**
 * Signal 0 takes a zombie for a running process; Linux's own table does not. Fields are counted from the
 * closing bracket, because the program's name in brackets may hold blanks.
 *
 * @param {number} pid
 * @returns {{ ended: boolean, startedAt: string | null } | null} null on other systems
 */
function linuxStatus(pid) {
  if (process.platform !== 'linux') return null
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { ended: state === 'Z' || state === 'X', startedAt: fields[18] ?? null }
  } catch {
    return null
  }
}
