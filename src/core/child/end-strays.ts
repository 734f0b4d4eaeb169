import { readdir, readFile } from 'node:fs/promises'

/**
 * Kills what a program has left behind beyond the reach of its process group, as daemons do: every process whose environment
 * still has this value, which nobody else can know. Only Linux tells environments; elsewhere nothing happens.
 */
export async function endStrays(secret: string): Promise<void> {
  if (process.platform !== 'linux') return
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  await Promise.all(
    pids.map(async (pid) => {
      // Of other users' processes nothing can be read; others have just ended.
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
      if (pid !== process.pid && environment.includes(secret)) killIfThere(pid)
    }),
  )
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
