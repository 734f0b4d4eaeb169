import { readdirSync, readFileSync } from 'node:fs'

/** A process of the app, as `/proc` tells of it (Linux). */
export interface GroupMember {
  pid: number
  /** Its command line, as one text. */
  command: string
}

/** Every process of a group that has not ended. */
export function groupMembers(group: number): GroupMember[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const [state, , memberOf] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (Number(memberOf) !== group || state === 'Z') return []
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return [{ pid: Number(name), command }]
      } catch {
        // It ended while we looked.
        return []
      }
    })
}

/** One field of `/proc/PID/status`, such as `Seccomp`. */
export function statusField(pid: number, field: string): string {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${field}:\\s*(.*)$`, 'm'))
  return line?.[1] ?? ''
}

export function killGroup(group: number): void {
  killProcess(-group)
}

export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
