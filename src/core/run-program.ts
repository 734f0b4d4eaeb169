import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { leashed } from './child/leash.js'

export interface ProgramOptions {
  environment?: NodeJS.ProcessEnv
  /** Stops the program, and whatever it started, when it fires. */
  signal?: AbortSignal
  timeoutMs?: number
  onStdoutLine?: (line: string) => void
  /**
   * For one that runs for minutes: it is killed, with whatever it started, when this process is gone, however that came
   * about. Not on Windows.
   */
  endsWithHost?: boolean
}

export interface ProgramResult {
  ending: 'exited' | 'timed-out' | 'stopped' | 'not-started'
  /** null unless it exited by itself. */
  exitCode: number | null
  stdout: string
  /** For `not-started`, why. */
  stderr: string
}

const keptCharacters = 200_000
const patienceAfterTerminateMs = 2_000
const patienceAfterKillMs = 1_000

/**
 * Runs a program to its end, without a shell and without input, and never throws: how it ended is in the
 * result. It gets a process group of its own, so that stopping it stops its children too, and it does not
 * outlive this process's normal exit. Standard output and error are kept up to their last 200,000 characters.
 *
 * It starts in the file system's root: a Python started elsewhere would import modules from that folder.
 */
export async function runProgram(
  file: string,
  parameters: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  if (options.signal?.aborted) return { ending: 'stopped', exitCode: null, stdout: '', stderr: '' }
  const isLeashed = options.endsWithHost === true && process.platform !== 'win32'
  const [command, ...words] = isLeashed ? leashed([file, ...parameters]) : [file, ...parameters]
  const child = spawn(command, words, {
    cwd: process.platform === 'win32' ? undefined : '/',
    env: options.environment ?? process.env,
    stdio: [isLeashed ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  if (isLeashed) child.once('exit', () => child.stdin?.destroy())
  return await superviseProgram(child as SupervisedProcess, options)
}

type SupervisedProcess = ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }

function superviseProgram(child: SupervisedProcess, options: ProgramOptions): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let ending: ProgramResult['ending'] = 'exited'
    let stdout = ''
    let stderr = ''
    const timers: NodeJS.Timeout[] = []
    const killOnExit = (): void => signalGroup(child, 'SIGKILL')

    const settle = (exitCode: number | null): void => {
      for (const timer of timers) clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
      process.off('exit', killOnExit)
      resolve({ ending, exitCode: ending === 'exited' ? exitCode : null, stdout, stderr })
    }
    /** A program stuck in a driver call survives even SIGKILL for a while; then it is no longer waited for. */
    const stop = (why: 'timed-out' | 'stopped'): void => {
      if (ending !== 'exited') return
      ending = why
      signalGroup(child, 'SIGTERM')
      timers.push(setTimeout(() => signalGroup(child, 'SIGKILL'), patienceAfterTerminateMs))
      timers.push(
        setTimeout(() => {
          child.unref()
          settle(null)
        }, patienceAfterTerminateMs + patienceAfterKillMs),
      )
    }
    const onAbort = (): void => stop('stopped')

    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-keptCharacters)
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      stdout = `${stdout}${line}\n`.slice(-keptCharacters)
      options.onStdoutLine?.(line)
    })
    child.once('error', (error) => {
      if (child.pid !== undefined) return
      ending = 'not-started'
      stderr = error.message
      settle(null)
    })
    child.once('close', (exitCode) => {
      // The leader is gone; a child of its that outlived the signal is not to be left behind.
      if (ending !== 'exited') signalGroup(child, 'SIGKILL')
      settle(exitCode)
    })
    options.signal?.addEventListener('abort', onAbort, { once: true })
    process.once('exit', killOnExit)
    if (options.timeoutMs !== undefined) timers.push(setTimeout(() => stop('timed-out'), options.timeoutMs))
  })
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  if (process.platform === 'win32') {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // ESRCH: the whole group has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
