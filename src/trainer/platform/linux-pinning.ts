import { readdirSync, readFileSync } from 'node:fs'
import { lastErrorName, type NativeLibrary, systemCallFailed } from '../../child/ffi.js'
import { TandemError } from '../../shared/errors.js'
import { formatCoreList, parseCoreList } from './core-list.js'
import type { Pinning } from './platform.js'

/** What Linux can be built for at most (CONFIG_NR_CPUS). */
const mostCores = 8192

/** Applies a set of cores to one thread: 0, or -1 and errno. */
type SetAffinity = (threadId: number, maskByteLength: number, mask: Uint8Array) => number

/** `pinToCores` by sched_setaffinity(2), which is a property of each thread, not of the process. */
export function createLinuxPinning(libc: NativeLibrary): (cores: readonly number[]) => Pinning {
  const setAffinity = libc.func(
    'int sched_setaffinity(int thread, size_t byteLength, const uint8_t *mask)',
  ) as SetAffinity
  return (cores) =>
    pinToCores(
      setAffinity,
      [...new Set(cores)].sort((a, b) => a - b),
    )
}

function pinToCores(setAffinity: SetAffinity, cores: readonly number[]): Pinning {
  const impossible = cores.filter((core) => !(Number.isInteger(core) && core >= 0 && core < mostCores))
  if (cores.length === 0 || impossible.length > 0) throw notAvailable(impossible, allowedCores(process.pid))
  const mask = coreMask(cores)
  pinMainThread(setAffinity, cores, mask)

  // A thread not pinned yet may start another while we go through the list: go again until none is new.
  const pinned = new Set([process.pid])
  for (let found = true; found; ) {
    found = false
    for (const threadId of threadIds().filter((id) => !pinned.has(id))) {
      found = true
      pinned.add(threadId)
      if (setAffinity(threadId, mask.byteLength, mask) === 0) continue
      const reason = lastErrorName()
      if (reason !== 'ESRCH') throw systemCallFailed('sched_setaffinity', reason) // ESRCH: ended meanwhile
    }
  }
  return { applied: true, cores, threads: threadIds().length }
}

/**
 * The kernel silently drops the cores that a container does not allow and refuses only when none is left, so
 * the first thread shows whether all were granted, and is put back if not.
 */
function pinMainThread(setAffinity: SetAffinity, cores: readonly number[], mask: Uint8Array): void {
  const before = allowedCores(process.pid)
  const accepted = setAffinity(process.pid, mask.byteLength, mask) === 0
  const granted = accepted ? allowedCores(process.pid) : []
  const missing = cores.filter((core) => !granted.includes(core))
  if (missing.length === 0) return

  const beforeMask = coreMask(before)
  setAffinity(process.pid, beforeMask.byteLength, beforeMask)
  throw notAvailable(missing, before)
}

function notAvailable(missing: readonly number[], available: readonly number[]): TandemError {
  const cores = missing.length === 0 ? 'no core at all' : `core ${formatCoreList(missing)}`
  return new TandemError({
    code: 'core-not-available',
    message: `this process may not run on ${cores}`,
    hint: `Name cores among those it has now: ${formatCoreList(available)}.`,
  })
}

function threadIds(): number[] {
  return readdirSync('/proc/self/task').map(Number)
}

/** The cores that a thread of this process may run on. */
export function allowedCores(threadId: number): number[] {
  const status = readFileSync(`/proc/self/task/${threadId}/status`, 'utf8')
  return parseCoreList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? '')
}

/** cpu_set_t: bit n for core n, in whole 64-bit words. */
function coreMask(cores: readonly number[]): Uint8Array {
  const words = Math.floor(Math.max(0, ...cores) / 64) + 1
  const mask = new Uint8Array(words * 8)
  for (const core of cores) mask[core >> 3] = (mask[core >> 3] ?? 0) | (1 << (core & 7))
  return mask
}
