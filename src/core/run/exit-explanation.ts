import type { ErrorReport } from '../../shared/errors.js'
import type { ChildLog } from '../child/child-log.js'
import type { ChildExit } from '../child/child-program.js'

/**
 * Why a trainer ended that should not have, in words a person can act on. `name` is the trainer's, as in
 * "DDP rank 1"; `finished` says that it had reported success before.
 */
export function explainExit(name: string, exit: ChildExit, log: ChildLog, finished: boolean): ErrorReport {
  const { code, message, hint } = describe(name, exit, log, finished)
  return { code, message, hint: [hint, whatItPrinted(log)].filter((part) => part !== '').join(' ') }
}

/** Where to read on: the trainer's telling lines and its log file. */
export function whatItPrinted(log: ChildLog): string {
  const lines = log.tellingLines()
  const path = log.writtenPath
  const nothing = path === null ? 'It printed nothing.' : ''
  return [lines === '' ? nothing : `It printed: ${lines}`, path === null ? '' : `Log: ${path}`]
    .filter((part) => part !== '')
    .join(' ')
}

function describe(name: string, exit: ChildExit, log: ChildLog, finished: boolean): ErrorReport {
  if (exit.startError !== undefined) {
    return {
      code: 'trainer-not-started',
      message: `${name} could not be started: ${exit.startError.message}`,
      hint: 'The system may be out of memory or processes.',
    }
  }
  if (exit.signal !== null) return describeSignal(name, exit.signal, log)
  if (finished) {
    return {
      code: 'trainer-exit',
      message: `${name} ended with exit code ${exit.code} after it had finished`,
      hint: '',
    }
  }
  if (exit.code === 0) {
    return { code: 'trainer-ended-early', message: `${name} ended before it was done`, hint: '' }
  }
  return { code: 'trainer-exit', message: `${name} failed with exit code ${exit.code}`, hint: '' }
}

function describeSignal(name: string, signal: NodeJS.Signals, log: ChildLog): ErrorReport {
  switch (signal) {
    case 'SIGKILL':
      return {
        code: 'trainer-killed',
        message: `${name} was killed (SIGKILL), perhaps because the machine ran out of memory`,
        hint: 'Try a smaller batch size or fewer data workers.',
      }
    case 'SIGABRT':
      if (log.mentions(/heap out of memory/i)) {
        return {
          code: 'trainer-heap-exhausted',
          message: `${name} ran out of JavaScript heap`,
          hint: 'Try a smaller batch size or a smaller data set.',
        }
      }
      return {
        code: 'trainer-aborted',
        message: `${name} aborted itself (SIGABRT), as native code does in a state it cannot go on from`,
        hint: '',
      }
    case 'SIGTRAP':
      return {
        code: 'trainer-memory-refused',
        message: `${name} ended itself (SIGTRAP), as JavaScript's engine does where the system refuses it memory`,
        hint: 'See whether memory is limited (ulimit -v, a container), or try a smaller batch size.',
      }
    case 'SIGSEGV':
    case 'SIGBUS':
    case 'SIGILL':
    case 'SIGFPE':
      return {
        code: 'trainer-crashed',
        message: `${name} crashed in native code (${signal})`,
        hint: 'Try `--backend wasm`, which runs without native code.',
      }
    default:
      return { code: 'trainer-ended', message: `${name} was ended by ${signal} from outside`, hint: '' }
  }
}
