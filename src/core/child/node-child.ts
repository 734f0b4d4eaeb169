import { fork, type Serializable } from 'node:child_process'
import { type ChildOptions, type ChildProgram, hostEnvironment, type SpawnChild } from './child-program.js'
import { superviseProcess } from './supervise-process.js'

/**
 * Starts a program of ours under plain Node. It gets a process group of its own, so that Ctrl-C in a terminal
 * reaches the host alone, which then stops its children in order; if the host is killed, they notice and
 * end themselves.
 */
export const spawnNodeChild: SpawnChild = (options) => startNodeChild(options, [process.execPath])

/** The same in the Node at this path, whatever this process runs in. */
export function spawnChildOfNode(path: string): SpawnChild {
  return (options) => startNodeChild(options, [path])
}

/**
 * The same through a program that becomes Node, such as `taskset --cpu-list 0`: its file, then its arguments up to
 * where Node's own begin.
 */
export function spawnNodeChildThrough(launcher: readonly string[]): SpawnChild {
  return (options) => startNodeChild(options, [...launcher, process.execPath])
}

function startNodeChild(options: ChildOptions, [execPath, ...execArgv]: readonly string[]): ChildProgram {
  const child = fork(options.entry, [options.name], {
    env: { ...options.environment, ...hostEnvironment() },
    ...(execPath !== undefined && { execPath }),
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    ...noConsole,
  })

  const supervised = superviseProcess(child, { isGroup: false, onOutput: options.onOutput })
  void supervised.exit.then(options.onExit)
  child.on('message', (message) => options.onMessage(message))
  return {
    pid: supervised.pid,
    send(message) {
      if (child.connected) child.send(message as Serializable, ignoreSendError)
    },
    terminate: supervised.terminate,
    kill: supervised.kill,
  }
}

/** An app without a console would get one for each child on Windows; `fork` hands this on, and its types do not know. */
const noConsole = { windowsHide: true }

/** The channel closes before the exit is known; what could not be sent then had no reader. */
function ignoreSendError(): void {}
