import { join } from 'node:path'
import { loadLibrary, type NativeLibrary } from '../../child/ffi.js'

/*
 * The C functions of NVML, the NVIDIA Management Library, as its API reference describes them. Devices are pointers
 * that stay valid until nvmlShutdown; every function returns nvmlReturn_t.
 */

/** Values of nvmlReturn_t. */
export const nvmlStatus = {
  success: 0,
  notFound: 6,
  insufficientSize: 7,
  gpuIsLost: 15,
  resetRequired: 16,
  unknown: 999,
} as const

/** Values of nvmlClockType_t and nvmlTemperatureSensors_t. */
export const nvmlClock = { streamingMultiprocessors: 1, memory: 2 } as const
export const nvmlTemperatureOfGpu = 0

type Ask = (...parameters: unknown[]) => number

export interface NvmlLibrary {
  init: Ask
  shutdown: Ask
  /** Words for a status. */
  errorString(status: number): string
  deviceCount: Ask
  deviceByIndex: Ask
  /** Also of MIG instances. Null where this driver's library has no such function, as for all below. */
  deviceByUuid: Ask | null
  uuid: Ask
  name: Ask
  utilisation: Ask | null
  memory: Ask | null
  power: Ask | null
  powerLimit: Ask | null
  temperature: Ask | null
  clock: Ask | null
  throttleReasons: Ask | null
  processes: Ask | null
  drawingProcesses: Ask | null
}

/**
 * Loads NVML, which comes with NVIDIA's driver.
 *
 * Throws `library-not-loaded` where it cannot be loaded, and an Error that names the function where it lacks one that
 * nothing goes without.
 */
export function loadNvml(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): NvmlLibrary {
  const library = loadFirst(libraryNames(platform, environment))
  const required = (prototype: string): Ask => library.func(prototype) as Ask
  const optional = (...prototypes: string[]): Ask | null => firstFunction(library, prototypes)
  return {
    init: required('int nvmlInit_v2()'),
    shutdown: required('int nvmlShutdown()'),
    errorString: errorStrings(library),
    deviceCount: required('int nvmlDeviceGetCount_v2(void *count)'),
    deviceByIndex: required('int nvmlDeviceGetHandleByIndex_v2(uint32_t index, void *device)'),
    deviceByUuid: optional('int nvmlDeviceGetHandleByUUID(const char *uuid, void *device)'),
    uuid: required('int nvmlDeviceGetUUID(void *device, void *text, uint32_t length)'),
    name: required('int nvmlDeviceGetName(void *device, void *text, uint32_t length)'),
    utilisation: optional('int nvmlDeviceGetUtilizationRates(void *device, void *rates)'),
    memory: optional('int nvmlDeviceGetMemoryInfo(void *device, void *memory)'),
    power: optional('int nvmlDeviceGetPowerUsage(void *device, void *milliwatts)'),
    powerLimit: optional('int nvmlDeviceGetEnforcedPowerLimit(void *device, void *milliwatts)'),
    temperature: optional('int nvmlDeviceGetTemperature(void *device, int sensor, void *celsius)'),
    clock: optional('int nvmlDeviceGetClockInfo(void *device, int clock, void *megahertz)'),
    throttleReasons: optional(
      'int nvmlDeviceGetCurrentClocksEventReasons(void *device, void *mask)',
      'int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, void *mask)',
    ),
    processes: optional(
      'int nvmlDeviceGetComputeRunningProcesses_v3(void *device, void *count, void *processes)',
      'int nvmlDeviceGetComputeRunningProcesses_v2(void *device, void *count, void *processes)',
    ),
    drawingProcesses: optional(
      'int nvmlDeviceGetGraphicsRunningProcesses_v3(void *device, void *count, void *processes)',
      'int nvmlDeviceGetGraphicsRunningProcesses_v2(void *device, void *count, void *processes)',
    ),
  }
}

/** Old drivers put it beside nvidia-smi, where Windows does not look for libraries. */
function libraryNames(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string[] {
  if (platform !== 'win32') return ['libnvidia-ml.so.1']
  const programs = environment.ProgramFiles ?? 'C:\\Program Files'
  return ['nvml.dll', join(programs, 'NVIDIA Corporation', 'NVSMI', 'nvml.dll')]
}

function loadFirst(names: readonly string[]): NativeLibrary {
  for (const name of names.slice(0, -1)) {
    try {
      return loadLibrary(name)
    } catch {
      // The last one's failure is the one that is told.
    }
  }
  return loadLibrary(names.at(-1) ?? '')
}

function firstFunction(library: NativeLibrary, prototypes: readonly string[]): Ask | null {
  for (const prototype of prototypes) {
    try {
      return library.func(prototype) as Ask
    } catch {
      // This driver is older than the function.
    }
  }
  return null
}

function errorStrings(library: NativeLibrary): (status: number) => string {
  const words = firstFunction(library, ['const char *nvmlErrorString(int status)'])
  return (status) => `${words?.(status) ?? 'error'} (status ${status})`
}
