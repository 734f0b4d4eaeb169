import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, vi } from 'vitest'

/** The Python with PyTorch that the tests were given. */
export const testPython = process.env.TANDEM_TEST_PYTHON ?? ''
const absence =
  process.env.TANDEM_TEST_NO_PYTORCH_REASON ?? 'TANDEM_TEST_PYTHON names no Python with torch and torchvision'

/** Tests that need PyTorch: skipped, with the reason in their title, where there is none. */
export function describeWithPyTorch(title: string, define: () => void): void {
  if (testPython === '') describe.skip(`${title} (skipped: ${absence})`, define)
  else
    describe(title, () => {
      // Importing PyTorch alone takes a minute on a machine that is busy.
      vi.setConfig({ testTimeout: 600_000 })
      define()
    })
}

const checkProgram = fileURLToPath(new URL('./check.py', import.meta.url))

export interface CheckProgram {
  /** The lines that it prints, read as JSON, until it ends. Throws when it ends in an error. */
  lines(): AsyncGenerator<unknown>
  /** Lets it go on. */
  next(): void
}

/** Starts a subcommand of check.py. */
export function startCheck(...parameters: string[]): CheckProgram {
  const child = spawn(testPython, ['-B', checkProgram, ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', GLOO_SOCKET_IFNAME: 'lo' },
  })
  const exit = once(child, 'exit')
  return {
    async *lines() {
      try {
        for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as unknown
        const [code] = await exit
        if (code !== 0) throw new Error(`check.py ended with ${code}`)
      } finally {
        child.kill('SIGKILL')
      }
    },
    next: () => void child.stdin.write('\n'),
  }
}

/** All that a subcommand prints. */
export async function check<Line>(...parameters: string[]): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of startCheck(...parameters).lines()) lines.push(line as Line)
  return lines
}
