import { workerData } from 'node:worker_threads'
import { isRunning } from './process-state.js'
import type { WatchdogTask } from './watchdog.js'

/** The thread behind `startParentWatchdog`. */
const { parentPid, kernelParentPid, pollIntervalMs } = workerData as WatchdogTask

setInterval(() => {
  // On POSIX an orphan gets a new parent at once; where it keeps the old number, that number no longer runs.
  const orphaned = process.ppid !== kernelParentPid || !isRunning(parentPid)
  if (orphaned) process.kill(process.pid, 'SIGKILL')
}, pollIntervalMs)
