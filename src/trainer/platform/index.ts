import { createDarwinPlatform } from './darwin.js'
import { createLinuxPlatform } from './linux.js'
import type { Platform } from './platform.js'
import { createWindowsPlatform } from './win32.js'

export type { MappedFile, Pinning, Platform, Semaphores, SharedMemory } from './platform.js'

/** The operating system that this process runs on. */
export const platform: Platform = createPlatform(process.platform)

function createPlatform(name: NodeJS.Platform): Platform {
  switch (name) {
    case 'linux':
      return createLinuxPlatform()
    case 'win32':
      return createWindowsPlatform()
    default:
      return createDarwinPlatform(name)
  }
}
