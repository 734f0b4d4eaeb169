import type { Platform } from './platform.js'

/** Windows, where Tandem runs on the wasm backend: TensorFlow itself runs under WSL2, which is Linux. */
export function createWindowsPlatform(): Platform {
  return {
    name: 'win32',
    tensorflowLibraryNames: [],
    pinToCores: () => ({ applied: false, reason: 'Tandem does not pin threads to cores on Windows' }),
    keepToThisMachine: () => 'Tandem cannot keep a port to this machine on Windows',
    sharedMemory: null,
  }
}
