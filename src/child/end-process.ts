import { loadLibrary } from './ffi.js'

/**
 * Ends this process with `exitCode` at once, whatever its threads are doing. `process.exit` cannot: it waits
 * for the native calls that run on Node's thread pool. Nothing that is still in a buffer is written.
 */
export function endProcessNow(exitCode: number): void {
  // On Windows no native call of Tandem's runs on another thread.
  if (process.platform === 'win32') process.exit(exitCode)
  const endNow = loadLibrary(null).func('void _exit(int code)') as (code: number) => void
  endNow(exitCode)
}
