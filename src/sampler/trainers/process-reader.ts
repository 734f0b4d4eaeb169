import { loadLibrary } from '../../child/ffi.js'
import { systemFolders } from '../../shared/machine/system-folders.js'
import { createLinuxProcessReader } from './linux-processes.js'
import type { ProcessReader } from './process-reading.js'
import { createPsProcessReader } from './ps-processes.js'
import { createWindowsProcessReader } from './windows-processes.js'

/** The reader for an operating system. Never throws: where none works, it knows nothing of any process. */
export function openProcessReader(platform: NodeJS.Platform = process.platform): ProcessReader {
  switch (platform) {
    case 'linux':
      return createLinuxProcessReader(systemFolders.proc)
    case 'win32':
      return openWindowsProcessReader()
    default:
      return createPsProcessReader()
  }
}

function openWindowsProcessReader(): ProcessReader {
  try {
    return createWindowsProcessReader(loadLibrary('kernel32.dll'))
  } catch {
    return { watch() {}, read: () => null, close() {} }
  }
}
