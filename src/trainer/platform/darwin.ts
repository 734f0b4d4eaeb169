import type { Platform } from './platform.js'

/**
 * macOS, and any other system with its gaps: threads cannot be tied to cores, and semaphores that live in
 * shared memory do not exist (sem_init is a stub there), so ranks exchange through files.
 */
export function createDarwinPlatform(name: NodeJS.Platform = 'darwin'): Platform {
  return {
    name,
    tensorflowLibraryNames:
      name === 'darwin' ? ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib'] : [],
    pinToCores: () => ({ applied: false, reason: `threads cannot be pinned to cores on ${name}` }),
    keepToThisMachine: () => `Tandem cannot keep a port to this machine on ${name}`,
    sharedMemory: null,
  }
}
