import { constants } from 'node:os'
import type { Details } from 'electron'
import type { ChildExit } from '../core/child/child-program.js'

/** What Electron's `child-process-gone` tells of an end, beside the number in `exit`. */
export type ChildDeath = Pick<Details, 'reason' | 'exitCode'>

/**
 * How a utility process ended. `exit` has one number for two things: the code with which a process ended itself
 * and, where a signal did, what waitpid(2) says: the signal's number, with 0x80 added where memory was dumped. Only
 * the death tells them apart; null where none was told, which is the case for an ordinary end.
 */
export function toChildExit(code: number, death: ChildDeath | null, platform: NodeJS.Platform): ChildExit {
  if (death?.reason === 'launch-failed') {
    const startError = new Error(`Electron could not start the process (error ${death.exitCode})`)
    return { code: null, signal: null, startError }
  }
  if (platform === 'win32') return { code, signal: null }
  const signal = death !== null && endedByForce(death) ? signalName(death.exitCode & 0x7f) : null
  if (signal !== null) return { code: null, signal }
  // An ordinary end that comes as a wait status has its code in the second byte.
  return { code: code > 0xff ? code >> 8 : code, signal: null }
}

function endedByForce({ reason }: ChildDeath): boolean {
  return reason === 'crashed' || reason === 'killed' || reason === 'oom' || reason === 'memory-eviction'
}

function signalName(number: number): NodeJS.Signals | null {
  const found = Object.entries(constants.signals).find(([, value]) => value === number)
  return (found?.[0] as NodeJS.Signals | undefined) ?? null
}
