import { loadLibrary } from '../../child/ffi.js'
import { createLinuxLoopback } from './linux-loopback.js'
import { createLinuxPinning } from './linux-pinning.js'
import { createLinuxSemaphores } from './linux-semaphores.js'
import { createLinuxSharedMemory } from './linux-shared-memory.js'
import type { Platform } from './platform.js'

/** Linux on x64 and arm64, glibc or musl. */
export function createLinuxPlatform(): Platform {
  const libc = loadLibrary(null)
  return {
    name: 'linux',
    tensorflowLibraryNames: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
    pinToCores: createLinuxPinning(libc),
    keepToThisMachine: createLinuxLoopback(libc),
    sharedMemory: createLinuxSharedMemory(libc, createLinuxSemaphores(libc)),
  }
}
