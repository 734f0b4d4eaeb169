import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import which from 'which'
import { type CommandOptions, hostEnvironment } from './child-program.js'
import { leashed } from './leash.js'
import { type SupervisedProcess, superviseProcess } from './supervise-process.js'

export type StartedProgram = SupervisedProcess

/** Starts the command of `options` with what it needs to find its host, as the leader of a process group. */
export function startProgram(
  options: CommandOptions,
  socketEnvironment: Readonly<Record<string, string>>,
): StartedProgram {
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
