import { readFileSync } from 'node:fs'

/** A process among all that a machine ever runs: its id and, where the system tells, when it started. */
export interface ProcessIdentity {
  pid: number
  /** In the kernel's clock ticks since boot; 0 where unknown (anything but Linux). */
  startTime: number
}

export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startTime: 0 }
}

/** Null where the system does not tell when a process started, or it is gone. */
export function identityOf(pid: number): ProcessIdentity | null {
  const stat = readStat(pid)
  return stat === null ? null : { pid, startTime: stat.startTime }
}

/** False for a zombie, too, and for another process that has the id by now. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (process.platform === 'linux') {
    const stat = readStat(identity.pid)
    return stat !== null && stat.state !== 'Z' && stat.startTime === identity.startTime
  }
  try {
    process.kill(identity.pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and is someone else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** proc(5): the fields after the program's name, which may itself hold spaces and parentheses. */
function readStat(pid: number): { state: string; startTime: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] as string, startTime: Number(fields[19]) }
  } catch {
    return null
  }
}
