import { readFileSync } from 'node:fs'

/**
 * Whether a process still runs. One that has ended but was not yet collected by its parent (a zombie) counts as
 * gone, although it can still be signalled.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return process.platform !== 'linux' || !isZombie(pid)
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before the state is in parentheses and may itself contain spaces and parentheses.
    const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0)
    return state === 'Z' || state === 'X'
  } catch {
    return true // it ended since it was signalled
  }
}
