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
  return startCheckBehind([], 'lo', ...parameters)
}

/**
 * The same by a command line that becomes the one after it.
 *
 * @param link the network interface that its ranks use
 */
function startCheckBehind(launcher: readonly string[], link: string, ...parameters: string[]): CheckProgram {
  const [file = '', ...words] = [...launcher, testPython, '-B', checkProgram, ...parameters]
  const child = spawn(file, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', GLOO_SOCKET_IFNAME: link },
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
export function check<Line>(...parameters: string[]): Promise<Line[]> {
  return linesOf<Line>(startCheck(...parameters))
}

/** The same on a machine of its own: behind a command line that becomes the one after it, by that network interface. */
export function checkOn<Line>(
  launcher: readonly string[],
  link: string,
  ...parameters: string[]
): Promise<Line[]> {
  return linesOf<Line>(startCheckBehind(launcher, link, ...parameters))
}

async function linesOf<Line>(program: CheckProgram): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of program.lines()) lines.push(line as Line)
  return lines
}
