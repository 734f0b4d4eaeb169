import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { childEnvironment } from '../../core/child/child-program.js'
import { launcherNodeVariable, launcherVariable, launchLines } from '../../shared/desktop/desktop-launch.js'
import { type RunWish, runWishArguments } from '../../shared/run/run-wish.js'
import type { OutputStream } from '../terminal/display.js'

export interface DesktopLaunch {
  /** Electron's program. */
  electron: string
  /** The folder whose package.json names the built app; null where it is within the program. */
  appDirectory: string | null
  /** Electron's own switches, such as where its profile lies. */
  switches?: string[]
  wish: RunWish
  environment: NodeJS.ProcessEnv
  signal: AbortSignal
  stderr: OutputStream
  /** The window is open, or that of a Tandem that runs already has come to the front. */
  onOpen(how: 'opened' | 'shown'): void
  readyMs?: number
}

export type DesktopOutcome =
  /** It was open, and has ended. */
  | { kind: 'ended'; exitCode: number }
  /** It is to be started once more, and then does otherwise what did not work. */
  | { kind: 'start-again' }
  | { kind: 'failed'; why: string }

const usualReadyMs = 10_000
const patienceAfterTerminateMs = 2_000

/**
 * Runs the desktop app to its end. One that has not opened its window in time is ended, with all its processes. When
 * `signal` fires the app is asked to end, which it does without asking anybody.
 *
 * Electron is never started without its sandbox: where that does not work, it fails.
 */
export async function runDesktop(launch: DesktopLaunch): Promise<DesktopOutcome> {
  const { signal, onOpen, readyMs = usualReadyMs } = launch
  if (signal.aborted) return { kind: 'ended', exitCode: 0 }
  const app = start(launch)
  const endApp = (): void => void app.child.kill('SIGTERM')
  const killApp = (): void => killGroup(app.child, 'SIGKILL')
  signal.addEventListener('abort', endApp, { once: true })
  process.once('exit', killApp)
  try {
    const late = setTimeout(readyMs, 'late' as const, { ref: false })
    const beginning = await Promise.race([app.opening, app.end.then(() => 'ended' as const), late])
    if (beginning === 'late') await endForCertain(app)
    else if (beginning !== 'ended') {
      onOpen(beginning)
      const { exitCode } = await app.end
      return app.wantsAnotherStart() ? { kind: 'start-again' } : { kind: 'ended', exitCode }
    }
    if (signal.aborted) return { kind: 'ended', exitCode: 0 }
    if (app.wantsAnotherStart()) return { kind: 'start-again' }
    if (beginning === 'late') return failed(`it was not ready within ${readyMs / 1000} s`)
    return failed((await app.end).how)
  } finally {
    signal.removeEventListener('abort', endApp)
    process.off('exit', killApp)
    // What it may have left of its own.
    killApp()
  }
}

interface DesktopApp {
  child: ChildProcess
  opening: Promise<'opened' | 'shown'>
  end: Promise<{ exitCode: number; how: string }>
  wantsAnotherStart(): boolean
}

/** Nothing where this process is Electron too, as behind the `tandem` of a package. */
function ownNode(): Record<string, string> {
  return process.versions.electron === undefined ? { [launcherNodeVariable]: process.execPath } : {}
}

function start({
  electron,
  appDirectory,
  switches = [],
  wish,
  environment,
  stderr,
}: DesktopLaunch): DesktopApp {
  // With this variable set, as terminals inside of Electron apps have it, Electron would be a Node.
  const { ELECTRON_RUN_AS_NODE, ...rest } = childEnvironment(environment)
  const app = appDirectory === null ? [] : [appDirectory]
  const child = spawn(electron, [...app, ...switches, ...runWishArguments(wish)], {
    env: { ...rest, [launcherVariable]: String(process.pid), ...ownNode() },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches us alone, who pass it on once, and all of it can be ended together.
    detached: process.platform !== 'win32',
  })
  let lastWord = ''
  let isOpen = false
  let startsAgain = false
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // Until then it only says why it will not open, or talks of graphics drivers.
    if (isOpen) stderr.write(text)
    else lastWord = text.trim().split('\n').at(-1) ?? ''
  })
  const opening = new Promise<'opened' | 'shown'>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === launchLines.startAgain) startsAgain = true
      if (line !== launchLines.ready && line !== launchLines.runningAlready) return
      isOpen = true
      resolve(line === launchLines.ready ? 'opened' : 'shown')
    })
  })
  const end = new Promise<{ exitCode: number; how: string }>((resolve) => {
    child.once('error', ({ message }) => resolve({ exitCode: 1, how: message }))
    child.once('exit', (code, signal) => {
      const how = signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`
      const exitCode = code ?? 128 + constants.signals[signal as NodeJS.Signals]
      // The pipe may hold its last word still.
      setImmediate(() => resolve({ exitCode, how: lastWord === '' ? how : `${how}: ${lastWord}` }))
    })
  })
  return { child, opening, end, wantsAnotherStart: () => startsAgain }
}

async function endForCertain({ child, end }: DesktopApp): Promise<void> {
  killGroup(child, 'SIGTERM')
  const patience = setTimeout(patienceAfterTerminateMs, 'alive' as const, { ref: false })
  if ((await Promise.race([end, patience])) !== 'alive') return
  killGroup(child, 'SIGKILL')
  await end
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // All of it has ended.
  }
}

function failed(why: string): DesktopOutcome {
  return { kind: 'failed', why }
}
