import { writeSync } from 'node:fs'
import { loadLibrary } from '../ffi.js'
import { startParentWatchdog } from '../watchdog.js'

/**
 * Started by tests: watches the process named in the environment. Then does what the argument says: `block` sits
 * in a native call for good, `return` has nothing more to do.
 */
startParentWatchdog({ parentPid: Number(process.env.WATCHED_PID) })

if (process.argv[2] === 'block') {
  const pause = loadLibrary(null).func('int pause()') as () => number
  writeSync(1, `${process.pid}\n`)
  pause()
}
