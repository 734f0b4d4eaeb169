import { runProgram } from '../run-program.js'
import type { Platform } from './release.js'

/** The platform that this process runs on. */
export async function currentPlatform(): Promise<Platform> {
  const { platform: system, arch: architecture } = process
  if (system !== 'linux') return { system, architecture, cLibrary: 'system' }
  const answer = await runProgram('getconf', ['GNU_LIBC_VERSION'], { timeoutMs: 5_000 })
  return { system, architecture, cLibrary: answer.stdout.startsWith('glibc') ? 'glibc' : 'other' }
}
