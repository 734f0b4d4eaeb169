import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** @type {NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * The exit code by which shells report that a signal ended a program.
 *
 * @param {NodeJS.Signals} signal
 */
function exitCodeOf(signal) {
  return 128 + constants.signals[signal]
}

/** A person or a supervisor asked for the end: the caller cleans up and leaves with `exitCode`. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`ended by ${signal}`)
    this.exitCode = exitCodeOf(signal)
  }
}

/**
 * Runs a program to its end with no input. Signals that reach this process are passed on, and the program is
 * waited for, so that nothing half-done is left running.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {'stderr' | 'inherit' | 'capture'} [options.output] where its stdout goes: to our stderr, to our stdout,
 *   or into the answer, and then what it says on stderr is dropped
 * @param {boolean} [options.shell]
 * @param {(pid: number) => void} [options.onSpawn]
 * @returns {Promise<{ code: number, stdout: string }>} its exit code, 128 + n where signal n ended it
 * @throws {Interrupted} once the program has ended, if a signal came meanwhile
 */
export function runProgram(program, args, options) {
  const { cwd, env = process.env, output = 'stderr', shell = false, onSpawn = () => {} } = options
  return new Promise((resolve, reject) => {
    const stdout = { stderr: process.stderr, inherit: 'inherit', capture: 'pipe' }[output]
    const child = spawn(program, args, {
      cwd,
      env,
      shell,
      stdio: ['ignore', /** @type {'pipe'} */ (stdout), output === 'capture' ? 'ignore' : 'inherit'],
    })
    if (child.pid !== undefined) onSpawn(child.pid)
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })

    /** @type {Interrupted | null} */
    let interruption = null
    const handlers = forwarded.map((signal) => {
      const handler = () => {
        interruption ??= new Interrupted(signal)
        child.kill(signal)
      }
      process.on(signal, handler)
      return { signal, handler }
    })
    const settle = () => {
      for (const { signal, handler } of handlers) process.off(signal, handler)
    }

    child.once('error', (error) => {
      settle()
      reject(error)
    })
    child.once('close', (code, signal) => {
      settle()
      if (interruption !== null) reject(interruption)
      else resolve({ code: signal === null ? (code ?? 1) : exitCodeOf(signal), stdout: text })
    })
  })
}
