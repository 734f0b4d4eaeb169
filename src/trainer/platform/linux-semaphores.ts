import { lastErrorName, type NativeLibrary, systemCallFailed } from '../../child/ffi.js'
import type { Semaphores } from './platform.js'

const nanosecondsPerSecond = 1_000_000_000n
const monotonicClock = 1 // CLOCK_MONOTONIC, the clock of process.hrtime

/** Waits for a semaphore up to a moment: 0, or -1 and errno. */
type WaitUntil = (address: bigint, timeoutNs: bigint) => number

/** POSIX unnamed semaphores, shared between processes: sem_overview(7). sem_t has 32 bytes on 64-bit Linux. */
export function createLinuxSemaphores(libc: NativeLibrary, waitUntil = chooseWait(libc)): Semaphores {
  const init = libc.func('int sem_init(void *semaphore, int shared, unsigned int value)')
  const post = libc.func('int sem_post(void *semaphore)')

  return {
    byteLength: 64,
    initialise(address) {
      if (init(address, 1, 0) !== 0) throw systemCallFailed('sem_init', lastErrorName())
    },
    post(address) {
      if (post(address) !== 0) throw systemCallFailed('sem_post', lastErrorName())
    },
    wait(address, timeoutMs) {
      if (waitUntil(address, BigInt(Math.round(timeoutMs * 1e6))) === 0) return true
      const reason = lastErrorName()
      if (reason === 'ETIMEDOUT' || reason === 'EINTR') return false
      throw systemCallFailed('waiting for a semaphore', reason)
    },
  }
}

function chooseWait(libc: NativeLibrary): WaitUntil {
  try {
    return monotonicWait(libc)
  } catch {
    return wallClockWait(libc)
  }
}

/** sem_clockwait: since glibc 2.30; throws where the C library has none. */
export function monotonicWait(libc: NativeLibrary): WaitUntil {
  const wait = libc.func('int sem_clockwait(void *semaphore, int clock, const int64_t *until)')
  return (address, timeoutNs) => wait(address, monotonicClock, timespec(process.hrtime.bigint() + timeoutNs))
}

/** sem_timedwait: everywhere, but when somebody sets the clock back it waits that much longer. */
export function wallClockWait(libc: NativeLibrary): WaitUntil {
  const wait = libc.func('int sem_timedwait(void *semaphore, const int64_t *until)')
  return (address, timeoutNs) => wait(address, timespec(BigInt(Date.now()) * 1_000_000n + timeoutNs))
}

/** struct timespec: seconds and nanoseconds, 64 bits each. */
function timespec(nanoseconds: bigint): BigInt64Array {
  return BigInt64Array.of(nanoseconds / nanosecondsPerSecond, nanoseconds % nanosecondsPerSecond)
}
