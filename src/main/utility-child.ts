import { type UtilityProcess, utilityProcess } from 'electron'
import {
  type ChildExit,
  type ChildOptions,
  type ChildProgram,
  hostEnvironment,
  type SpawnChild,
} from '../core/child/child-program.js'
import { noteChild } from '../core/leftovers/ledger.js'
import { onChildDeath } from './child-deaths.js'
import { readOutput } from './child-output.js'
import { type ChildDeath, toChildExit } from './utility-exit.js'

/** How long after an exit its reason and the last output are waited for. */
const settleMs = 1_000

let started = 0

/**
 * Starts a program of ours as a utility process of Electron's: what `spawnNodeChild` does in plain Node. The app
 * must be ready. Electron tells less of its children, and later, which is made up for here.
 */
export const spawnUtilityChild: SpawnChild = (options) => {
  // Electron names a child that died by this, so no two may have the same.
  const serviceName = `Tandem ${options.title} (${++started})`
  try {
    return supervise(fork(options, serviceName), serviceName, options)
  } catch (error) {
    return neverStarted(error, options)
  }
}

function fork(options: ChildOptions, serviceName: string): UtilityProcess {
  return utilityProcess.fork(options.entry, [options.name], {
    env: stringsOf({ ...options.environment, ...hostEnvironment() }),
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName,
    // TensorFlow and koffi are not signed by us. macOS only.
    allowLoadingUnsignedLibraries: true,
  })
}

function supervise(child: UtilityProcess, serviceName: string, options: ChildOptions): ChildProgram {
  // Known between `spawn` and `exit` only, and needed longer.
  let pid: number | undefined
  let endWanted: 'terminate' | 'kill' | null = null
  let exitCode: number | null = null
  let death: ChildDeath | null = null
  let fatal = false
  let settleTimer: NodeJS.Timeout | null = null

  const reportOnceSettled = (): void => {
    // After a kill Electron reports 0, so that only the death tells it from a success.
    const isExplained = death !== null || (exitCode === 0 && endWanted === null)
    if (settleTimer !== null && isExplained && output.isOver()) report()
  }
  const report = (): void => {
    if (settleTimer === null || exitCode === null) return
    clearTimeout(settleTimer)
    settleTimer = null
    forgetDeath()
    const exit = toChildExit(exitCode, death, process.platform)
    options.onExit(fatal ? asAborted(exit) : exit)
  }
  const forgetDeath = onChildDeath(serviceName, (told) => {
    death = told
    reportOnceSettled()
  })
  const output = readOutput(child, options.onOutput, reportOnceSettled)

  const end = (): void => {
    if (exitCode !== null || pid === undefined) return
    if (endWanted === 'terminate') child.kill()
    if (endWanted === 'kill') killForCertain(pid)
  }
  child.once('spawn', () => {
    pid = child.pid
    noteChild(pid)
    // Before this Electron's kill() does nothing.
    end()
  })
  child.on('message', (message) => options.onMessage(message))
  child.on('error', (type, location) => {
    fatal = true
    options.onOutput(`V8: ${type}: ${location}\n`)
  })
  child.on('exit', (code) => {
    // Electron has been seen to say it twice.
    if (exitCode !== null) return
    exitCode = code
    settleTimer = setTimeout(report, settleMs)
    setImmediate(() => {
      output.resume()
      reportOnceSettled()
    })
  })

  return {
    get pid() {
      return pid
    },
    send(message) {
      // To a child that is gone it would end the app.
      if (exitCode === null) child.postMessage(message)
    },
    terminate() {
      endWanted ??= 'terminate'
      end()
    },
    kill() {
      endWanted = 'kill'
      end()
    },
  }
}

/** Electron's own kill() takes no signal and sends one that can be ignored. */
function killForCertain(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended; `exit` is on its way.
  }
}

/** A fatal error of V8's looks like a crash of native code from outside; plain Node aborts then. */
function asAborted(exit: ChildExit): ChildExit {
  return exit.signal === null ? exit : { code: null, signal: 'SIGABRT' }
}

function neverStarted(error: unknown, options: ChildOptions): ChildProgram {
  const startError = error instanceof Error ? error : new Error(String(error))
  setImmediate(() => options.onExit({ code: null, signal: null, startError }))
  return { pid: undefined, send() {}, terminate() {}, kill() {} }
}

/** Electron takes nothing but strings, and passes on nothing by itself. */
function stringsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
