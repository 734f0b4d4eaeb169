import { fork, type Serializable } from 'node:child_process'
import type { ChildExit, ChildOptions, ChildProgram, SpawnChild } from './child-program.js'

/** How long after an exit the last output is waited for; a pipe that someone else holds never closes. */
const drainMs = 1_000

/**
 * Starts a program of ours under plain Node. It gets a process group of its own, so that Ctrl-C in a terminal
 * reaches the host alone, which then stops its children in order; if the host is killed, they notice and
 * end themselves.
 */
export const spawnNodeChild: SpawnChild = (options) => startNodeChild(options, [])

/**
 * The same through a program that becomes Node, such as `taskset --cpu-list 0`: its file, then its arguments up to
 * where Node's own begin.
 */
export function spawnNodeChildThrough(launcher: readonly string[]): SpawnChild {
  return (options) => startNodeChild(options, launcher)
}

function startNodeChild(options: ChildOptions, launcher: readonly string[]): ChildProgram {
  const [execPath = process.execPath, ...execArgv] =
    launcher.length === 0 ? [] : [...launcher, process.execPath]
  const child = fork(options.entry, [options.name], {
    env: options.environment,
    execPath,
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  })

  let exit: ChildExit | null = null
  let drainTimer: NodeJS.Timeout | undefined
  let reported = false
  const report = (): void => {
    if (reported || exit === null) return
    reported = true
    clearTimeout(drainTimer)
    options.onExit(exit)
  }

  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => options.onOutput(text))
  }
  child.on('message', (message) => options.onMessage(message))
  child.on('error', (error) => {
    // Also emitted when a message could not be sent; only a process that never started has no pid.
    if (child.pid !== undefined) return
    exit = { code: null, signal: null, startError: error }
    report()
  })
  child.on('exit', (code, signal) => {
    exit = { code, signal }
    drainTimer = setTimeout(report, drainMs)
  })
  // Comes after `exit`, once the pipes and the message channel are drained.
  child.on('close', report)

  const send = (signal: NodeJS.Signals): void => {
    if (exit === null && child.pid !== undefined) signalProcess(child.pid, signal)
  }
  return {
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message as Serializable, ignoreSendError)
    },
    terminate: () => send('SIGTERM'),
    kill: () => send('SIGKILL'),
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended between the check and the signal; `exit` is on its way.
  }
}

/** The channel closes before the exit is known; what could not be sent then had no reader. */
function ignoreSendError(): void {}
