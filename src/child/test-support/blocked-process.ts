import { endProcessNow } from '../end-process.js'
import { loadLibrary } from '../ffi.js'

/** A process with a thread that sits in a native call for good. Ends with code 3 all the same. */
const pause = loadLibrary(null).func('int pause()')
pause.async(() => {})
setTimeout(() => endProcessNow(3), 100)
