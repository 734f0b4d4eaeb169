import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import which from 'which'
import { settlesWithin } from '../within.js'
import { type CommandOptions, hostEnvironment, type SpawnCommand } from './child-program.js'
import { leashed } from './leash.js'
import { openProgramSocket, type Peer } from './program-socket.js'
import { superviseProcess } from './supervise-process.js'

/** How long after the process's end its last messages are waited for: a rank that its launcher left behind keeps talking. */
const lastMessagesMs = 500

/**
 * Starts a program in any language, under plain Node and in Electron alike; it connects by itself and speaks in JSON
 * lines. It leads a process group of its own, so that Ctrl-C in a terminal reaches the host alone, and what it started
 * ends with it.
 */
export const spawnSocketChild: SpawnCommand = (options) => {
  const unsent: unknown[] = []
  let peer: Peer | null = null
  let closed!: () => void
  const connectionClosed = new Promise<void>((resolve) => {
    closed = resolve
  })
  const socket = openProgramSocket((candidate) => {
    if (peer !== null || candidate.hello.rank !== options.rank) return null
    peer = candidate
    for (const message of unsent.splice(0)) candidate.send(message)
    // Its one guest is in: from here on there is nothing to find.
    setImmediate(() => socket.close())
    return {
      onMessage: options.onMessage,
      onProblem: options.onProblem,
      onClose() {
        closed()
        options.onDisconnect()
      },
    }
  })
  const started = startProcess(options, socket.environment)
  const isSilent = started.gone.then(async () => {
    if (peer !== null) await settlesWithin(lastMessagesMs, connectionClosed)
    peer?.close()
    socket.close()
  })
  void Promise.all([started.exit, isSilent]).then(([exit]) => options.onExit(exit))
  return {
    /** What it says of itself: behind a launcher it is another process than the one started. */
    get pid() {
      return peer?.hello.pid ?? started.pid
    },
    send(message) {
      if (peer === null) unsent.push(message)
      else peer.send(message)
    },
    terminate: started.terminate,
    kill() {
      started.kill()
      // Ranks that a launcher put beyond its group's reach end when their connection does.
      peer?.close()
    },
  }
}

function startProcess(options: CommandOptions, socketEnvironment: Readonly<Record<string, string>>) {
  const isGroup = process.platform !== 'win32'
  // What cannot be started is left to the system to say: a shell would say it in words of its own.
  const isLeashed = isGroup && isProgram(options)
  const [file, ...parameters] = isLeashed ? leashed(options.command) : options.command
  const child = spawn(file, parameters, {
    env: { ...options.environment, ...hostEnvironment(), ...socketEnvironment },
    cwd: options.workingDirectory,
    stdio: [isLeashed ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    detached: isGroup,
    windowsHide: true,
  })
  child.once('exit', () => child.stdin?.destroy())
  return superviseProcess(child, { isGroup, onOutput: options.onOutput })
}

function isProgram({ command: [file], environment, workingDirectory = '.' }: CommandOptions): boolean {
  const path = /[\\/]/.test(file) ? resolve(workingDirectory, file) : file
  return which.sync(path, { path: environment.PATH ?? '', nothrow: true }) !== null
}
