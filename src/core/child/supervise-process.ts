import type { ChildProcess } from 'node:child_process'
import { noteChild } from '../leftovers/ledger.js'
import type { ChildExit, ChildProgram } from './child-program.js'

/** How long after an exit the last output is waited for; a pipe that someone else holds never closes. */
const drainMs = 1_000

export interface SupervisedProcess extends Pick<ChildProgram, 'pid' | 'terminate' | 'kill'> {
  /** Resolves as soon as the process is gone, or did not start. */
  readonly gone: Promise<void>
  /** Resolves once the process is gone and its output was read; never rejects. */
  readonly exit: Promise<ChildExit>
}

/**
 * Reads a process's output and tells its exit, after all of it. `isGroup` says that it leads a process group, which gets
 * its signals, and whose last members are killed when it is gone.
 */
export function superviseProcess(
  child: ChildProcess,
  { isGroup, onOutput }: { isGroup: boolean; onOutput(text: string): void },
): SupervisedProcess {
  const { pid } = child
  noteChild(pid)
  let exited: ChildExit | null = null
  const send = (signal: NodeJS.Signals): void => {
    if (pid !== undefined && (isGroup || exited === null)) signalProcess(isGroup ? -pid : pid, signal)
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => onOutput(text))
  }
  let tellGone!: () => void
  const gone = new Promise<void>((resolve) => {
    tellGone = resolve
  })
  const exit = new Promise<ChildExit>((resolve) => {
    let drainTimer: NodeJS.Timeout | undefined
    const report = (): void => {
      clearTimeout(drainTimer)
      if (exited !== null) resolve(exited)
    }
    child.on('error', (startError) => {
      // Also emitted when a message could not be sent; only a process that never started has no pid.
      if (pid !== undefined) return
      exited = { code: null, signal: null, startError }
      tellGone()
      report()
    })
    child.on('exit', (code, signal) => {
      exited = { code, signal }
      if (isGroup) send('SIGKILL')
      tellGone()
      drainTimer = setTimeout(report, drainMs)
    })
    // Comes after `exit`, once the pipes and the message channel are drained.
    child.on('close', report)
  })
  const signalWhileItRuns = (signal: NodeJS.Signals): void => {
    if (exited === null) send(signal)
  }
  return {
    pid,
    gone,
    exit,
    terminate: () => signalWhileItRuns('SIGTERM'),
    kill: () => signalWhileItRuns('SIGKILL'),
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended between the check and the signal; `exit` is on its way.
  }
}
