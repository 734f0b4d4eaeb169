import { hostPidVariable } from '../shared/child/host-pid.js'
import { loadLibrary } from './ffi.js'
import { isRunning } from './process-state.js'
import { type ParentWatchdog, startParentWatchdog } from './watchdog.js'

/*
 * What keeps this process from outliving its host, however that ends: imported first by every child program, so that it
 * holds before anything that takes long is loaded.
 */

/** `man 2 prctl`, `man 7 signal`. */
const setParentDeathSignal = 1
const killSignal = 9

const hostPid = Number(process.env[hostPidVariable] ?? process.ppid)

/** On Linux the kernel's own signal, which reaches a process that is frozen, or starved of time; elsewhere a watchdog. */
export const hostBond: ParentWatchdog = bindToHost()

function bindToHost(): ParentWatchdog {
  const bound = bindByKernel()
  // It may have ended before this process came to ask for anything.
  if (!isRunning(hostPid) || (bound && process.ppid !== hostPid)) process.kill(process.pid, 'SIGKILL')
  return bound ? { stop: async () => {} } : startParentWatchdog({ parentPid: hostPid })
}

/**
 * PR_SET_PDEATHSIG follows the thread that started this process: Node starts children on its main thread, which lives as
 * long as the host does. Electron starts them on a thread of its own choosing, and a launcher may stand between; there
 * the signal would come from the wrong end, or too early.
 */
function bindByKernel(): boolean {
  const isElectron = process.versions.electron !== undefined || 'parentPort' in process
  if (process.platform !== 'linux' || isElectron || process.ppid !== hostPid) return false
  try {
    const signature =
      'int prctl(int option, unsigned long value, unsigned long, unsigned long, unsigned long)'
    const prctl = loadLibrary(null).func(signature) as (option: number, ...values: number[]) => number
    return prctl(setParentDeathSignal, killSignal, 0, 0, 0) === 0
  } catch {
    return false
  }
}
