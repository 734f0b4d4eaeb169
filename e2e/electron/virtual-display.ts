import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

export interface VirtualDisplay {
  /** As in `DISPLAY`. */
  name: string
  close(): Promise<void>
}

/**
 * A screen of its own for a file of tests, so that no window opens on anybody's desktop.
 *
 * @param more of Xvfb's own options
 */
export async function openVirtualDisplay(more: string[] = []): Promise<VirtualDisplay> {
  // It chooses a free number itself, and says it once it can be reached.
  const usual = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-ac']
  const xvfb = spawn('Xvfb', [...usual, ...more], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const killXvfb = (): void => void xvfb.kill('SIGKILL')
  process.once('exit', killXvfb)
  const [number] = await once(xvfb.stdio[3] as Readable, 'data')
  return {
    name: `:${String(number).trim()}`,
    async close() {
      process.off('exit', killXvfb)
      await end(xvfb)
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill()
  await exited
}
