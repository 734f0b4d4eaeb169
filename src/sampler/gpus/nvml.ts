import { type GpuFigures, type GpuIdentity, type GpuSample, lostGpu } from '../../shared/telemetry.js'
import { visibleGpus } from '../../shared/visible-gpus.js'
import type { GpuSourceOpening } from './gpu-source.js'
import { type NvmlLibrary, nvmlClock, nvmlStatus, nvmlTemperatureOfGpu } from './nvml-library.js'
import { readNvmlProcesses } from './nvml-processes.js'
import { throttleReasons } from './throttle-reasons.js'

/** NVML's own limit for names and UUIDs (NVML_DEVICE_NAME_V2_BUFFER_SIZE). */
const textBytes = 96

interface NvmlDevice {
  handle: bigint
  index: number
  uuid: string
  model: string
}

/** A status that says the GPU is gone; whatever was asked, it will not answer the rest either. */
class GpuIsLost extends Error {}

/**
 * Starts NVML and finds its GPUs, `CUDA_VISIBLE_DEVICES` heeded. A call may hang in the driver; nothing here guards
 * against that.
 */
export function openNvml(library: NvmlLibrary, environment: NodeJS.ProcessEnv): GpuSourceOpening {
  const status = library.init()
  if (status !== nvmlStatus.success) {
    return {
      kind: 'failed',
      problem: `NVIDIA's GPUs are not shown: NVML says ${library.errorString(status)}.`,
    }
  }
  const { devices, problems } = findDevices(library)
  const visible = visibleGpus(devices, environment.CUDA_VISIBLE_DEVICES)
  const source = {
    name: 'nvml',
    sample: () => visible.map((device) => sampleDevice(library, device)),
    close: () => void library.shutdown(),
  } as const
  return { kind: 'opened', source, problems }
}

function findDevices(library: NvmlLibrary): { devices: NvmlDevice[]; problems: string[] } {
  const devices: NvmlDevice[] = []
  const problems: string[] = []
  const count = new Uint32Array(1)
  const counted = library.deviceCount(count)
  if (counted !== nvmlStatus.success) {
    problems.push(`NVIDIA's GPUs cannot be counted: NVML says ${library.errorString(counted)}.`)
  }
  for (let index = 0; index < (count[0] ?? 0); index++) {
    const handle = new BigUint64Array(1)
    const status = library.deviceByIndex(index, handle)
    if (status !== nvmlStatus.success) {
      problems.push(`GPU ${index} is not shown: NVML says ${library.errorString(status)}.`)
      continue
    }
    const device = handle[0] ?? 0n
    const uuid = askText(library.uuid, device) ?? `nvml-${index}`
    devices.push({ handle: device, index, uuid, model: askText(library.name, device) ?? 'NVIDIA GPU' })
  }
  return { devices, problems }
}

function askText(ask: NvmlLibrary['uuid'], device: bigint): string | null {
  const text = new Uint8Array(textBytes)
  if (ask(device, text, textBytes) !== nvmlStatus.success) return null
  const end = text.indexOf(0)
  return new TextDecoder().decode(text.subarray(0, end === -1 ? textBytes : end)) || null
}

function sampleDevice(library: NvmlLibrary, device: NvmlDevice): GpuSample {
  const identity: GpuIdentity = { index: device.index, id: device.uuid, model: device.model }
  try {
    return { ...identity, state: 'ok', ...readFigures(library, device.handle) }
  } catch (error) {
    if (error instanceof GpuIsLost) return lostGpu(identity)
    throw error
  }
}

function readFigures(library: NvmlLibrary, device: bigint): GpuFigures {
  /** What a function writes, as unsigned numbers of 32 bits; null for any answer but success. */
  const ask32 = (call: NvmlLibrary['clock'], count: number, ...which: number[]): Uint32Array | null => {
    const values = new Uint32Array(count)
    return answered(call?.(device, ...which, values)) ? values : null
  }
  const ask64 = (call: NvmlLibrary['clock'], count: number): BigUint64Array | null => {
    const values = new BigUint64Array(count)
    return answered(call?.(device, values)) ? values : null
  }
  const scaled = (values: Uint32Array | null, unit: number): number | null =>
    values === null ? null : (values[0] ?? 0) / unit

  const utilisation = scaled(ask32(library.utilisation, 2), 100)
  // nvmlMemory_t: total, free, used.
  const memory = ask64(library.memory, 3)
  const reasons = ask64(library.throttleReasons, 1)
  return {
    utilisation: utilisation === null ? null : Math.min(1, utilisation),
    memoryUsedBytes: memory === null ? null : Number(memory[2]),
    memoryTotalBytes: memory === null ? null : Number(memory[0]),
    powerWatts: scaled(ask32(library.power, 1), 1000),
    powerLimitWatts: scaled(ask32(library.powerLimit, 1), 1000),
    temperatureCelsius: scaled(ask32(library.temperature, 1, nvmlTemperatureOfGpu), 1),
    coreClockMegahertz: scaled(ask32(library.clock, 1, nvmlClock.streamingMultiprocessors), 1),
    memoryClockMegahertz: scaled(ask32(library.clock, 1, nvmlClock.memory), 1),
    throttleReasons: reasons === null ? null : throttleReasons(reasons[0] ?? 0n),
    processes: readNvmlProcesses(
      (count, processes) => library.processes?.(device, count, processes),
      answered,
    ),
  }
}

/** Undefined: there is no such function. */
function answered(status: number | undefined): boolean {
  if (
    status === nvmlStatus.gpuIsLost ||
    status === nvmlStatus.resetRequired ||
    status === nvmlStatus.notFound
  ) {
    throw new GpuIsLost()
  }
  return status === nvmlStatus.success
}
