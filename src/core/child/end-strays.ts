import { readdir, readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

const trackerMs = 500

/**
 * Kills what a program has left behind beyond the reach of its process group, as daemons do: every process whose environment
 * still has this value, which nobody else can know. Only Linux tells environments; elsewhere nothing happens.
 */
export async function endStrays(secret: string): Promise<void> {
  if (process.platform !== 'linux') return
  const strays = await straysOf(secret)
  for (const { pid, isTracker } of strays) if (!isTracker) killIfThere(pid)
  if (!strays.some(({ isTracker }) => isTracker)) return
  // It ends by itself once those that it removes semaphores for are gone.
  await setTimeout(trackerMs)
  for (const { pid } of await straysOf(secret)) killIfThere(pid)
}

interface Stray {
  pid: number
  /** Python's multiprocessing removes by it what killed processes have left in shared memory. */
  isTracker: boolean
}

async function straysOf(secret: string): Promise<Stray[]> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Of other users' processes nothing can be read; others have just ended.
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '')
      if (pid === process.pid || !(await read('environ')).includes(secret)) return null
      return { pid, isTracker: (await read('cmdline')).includes('multiprocessing.resource_tracker') }
    }),
  )
  return found.filter((stray) => stray !== null)
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
