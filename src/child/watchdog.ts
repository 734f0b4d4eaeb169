import { Worker } from 'node:worker_threads'

/** Handed to the worker thread. */
export interface WatchdogTask {
  parentPid: number
  /** The parent as the kernel sees it: another process than `parentPid` when a launcher stands between. */
  kernelParentPid: number
  pollIntervalMs: number
}

export interface ParentWatchdog {
  stop(): Promise<void>
}

/**
 * Ends this process with SIGKILL within a fraction of a second of the parent's end, however that came about,
 * and also while the main thread is inside a native call: a closed channel would not be noticed there. Does
 * not keep the process alive.
 *
 * A thread that polls, for where the kernel does not do it (`host-bond.ts`).
 */
export function startParentWatchdog(options: { parentPid: number; workerUrl?: URL }): ParentWatchdog {
  const { parentPid, workerUrl = new URL('./watchdog-worker.js', import.meta.url) } = options
  const task: WatchdogTask = { parentPid, kernelParentPid: process.ppid, pollIntervalMs: 200 }
  const worker = new Worker(workerUrl, { workerData: task, execArgv: [] })
  worker.unref()
  return {
    async stop() {
      await worker.terminate()
    },
  }
}
