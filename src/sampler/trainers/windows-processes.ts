import type { NativeLibrary } from '../../child/ffi.js'
import type { ProcessReader, ProcessReading } from './process-reading.js'

/** PROCESS_QUERY_LIMITED_INFORMATION: enough for times and memory, and granted for one's own processes. */
const queryLimitedInformation = 0x1000
/** FILETIME counts in units of 100 ns. */
const unitsPerSecond = 1e7
/** PROCESS_MEMORY_COUNTERS on 64-bit Windows, and where in it WorkingSetSize lies. */
const memoryCountersBytes = 72
const workingSetOffset = 16

type OpenProcess = (access: number, inherit: number, pid: number) => bigint | null
type GetProcessTimes = (process: bigint, ...times: BigUint64Array[]) => number
type GetProcessMemoryInfo = (process: bigint, counters: Uint8Array, byteLength: number) => number
type CloseHandle = (handle: bigint) => number

/** Asks Windows itself; `kernel32` is the library of that name. */
export function createWindowsProcessReader(kernel32: NativeLibrary): ProcessReader {
  const open = kernel32.func('void *OpenProcess(uint32_t access, int inherit, uint32_t pid)') as OpenProcess
  const getTimes = kernel32.func(
    'int GetProcessTimes(void *process, void *created, void *exited, void *kernel, void *user)',
  ) as GetProcessTimes
  const getMemory = kernel32.func(
    'int K32GetProcessMemoryInfo(void *process, void *counters, uint32_t byteLength)',
  ) as GetProcessMemoryInfo
  const closeHandle = kernel32.func('int CloseHandle(void *handle)') as CloseHandle

  const readTimes = (process: bigint, atMs: number): Omit<ProcessReading, 'memoryBytes'> | null => {
    const [created, exited, kernel, user] = [time(), time(), time(), time()]
    if (getTimes(process, created, exited, kernel, user) === 0 || unitsOf(exited) !== 0n) return null
    const cpuSeconds = Number(unitsOf(kernel) + unitsOf(user)) / unitsPerSecond
    return { atMs, cpuSeconds, startedAt: String(unitsOf(created)) }
  }
  const readMemory = (process: bigint): number | null => {
    const counters = new Uint8Array(memoryCountersBytes)
    if (getMemory(process, counters, memoryCountersBytes) === 0) return null
    return Number(new DataView(counters.buffer).getBigUint64(workingSetOffset, true))
  }
  return {
    watch() {},
    read(pid, nowMs) {
      const process = open(queryLimitedInformation, 0, pid)
      if (process === null) return null
      try {
        const times = readTimes(process, nowMs)
        return times === null ? null : { ...times, memoryBytes: readMemory(process) }
      } finally {
        closeHandle(process)
      }
    },
    close() {},
  }
}

/** Room for a FILETIME. */
function time(): BigUint64Array {
  return new BigUint64Array(1)
}

function unitsOf(time: BigUint64Array): bigint {
  return time[0] ?? 0n
}
